package dev.capstan.admin.rest.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.service.metatype.AttributeDefinition;
import org.osgi.service.metatype.MetaTypeInformation;
import org.osgi.service.metatype.MetaTypeService;
import org.osgi.service.metatype.ObjectClassDefinition;

/** What the bundles say of their configuration. Safe for any number of threads. */
final class Descriptions {
    private static final String OWN = "dev.capstan.";

    private final BundleContext context;
    private final MetaTypeService metatype;

    Descriptions(BundleContext context, MetaTypeService metatype) {
        this.context = context;
        this.metatype = metatype;
    }

    /**
     * Of the host's own parts and of plug-ins, each once; what belongs to the framework's services
     * is the console's business.
     */
    List<Described> all() {
        var all = new ArrayList<Described>();
        for (var bundle : context.getBundles()) {
            if (bundle.getState() != Bundle.UNINSTALLED && usesContracts(bundle)) {
                var information = metatype.getMetaTypeInformation(bundle);
                for (var pid : information.getPids()) {
                    all.add(described(pid, information));
                }
            }
        }
        all.sort(Comparator.comparing(Described::pid));
        return all;
    }

    private static boolean usesContracts(Bundle bundle) {
        return String.valueOf(bundle.getHeaders("").get("Import-Package")).contains(OWN);
    }

    private static Described described(String pid, MetaTypeInformation information) {
        ObjectClassDefinition ocd = information.getObjectClassDefinition(pid, null);
        AttributeDefinition @Nullable [] attributes =
                ocd.getAttributeDefinitions(ObjectClassDefinition.ALL);
        return new Described(
                pid,
                String.valueOf(ocd.getName()),
                ocd.getDescription() == null ? "" : ocd.getDescription(),
                attributes == null ? List.of() : Stream.of(attributes).map(Setting::new).toList());
    }
}
