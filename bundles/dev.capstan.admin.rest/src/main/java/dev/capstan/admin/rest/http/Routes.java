package dev.capstan.admin.rest.http;

/**
 * Some paths of {@code /api/v1} and who answers them. A component of this bundle is registered as a
 * service of it for each group of paths; they may come and go, in any order.
 */
@FunctionalInterface
public interface Routes {

    /** Adds its paths; called once for each service that comes. */
    void addTo(Router router);
}
