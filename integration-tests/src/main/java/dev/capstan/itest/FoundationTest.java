package dev.capstan.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.event.EventAdmin;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.common.annotation.InjectService;

/** What everything else stands on: the three services, and every bundle started. */
class FoundationTest {
    @InjectBundleContext BundleContext context;

    @Test
    void theThreeServicesCapstanNeedsAreThere(
            @InjectService ServiceComponentRuntime components,
            @InjectService ConfigurationAdmin configurations,
            @InjectService EventAdmin events) {
        assertThat(components.getComponentDescriptionDTOs()).isNotNull();
    }

    @Test
    void everyCapstanBundleIsActive() {
        List<Bundle> bundles =
                Arrays.stream(context.getBundles())
                        .filter(bundle -> bundle.getSymbolicName().startsWith("dev.capstan."))
                        .toList();

        assertThat(bundles)
                .extracting(Bundle::getSymbolicName)
                .contains("dev.capstan.api", "dev.capstan.download.provider");
        assertThat(bundles).allMatch(bundle -> bundle.getState() == Bundle.ACTIVE);
    }
}
