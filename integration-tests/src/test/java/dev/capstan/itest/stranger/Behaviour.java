package dev.capstan.itest.stranger;

import java.io.IOException;

/**
 * What a stranger does with a request. The connection is closed after it unless the call keeps it.
 */
@FunctionalInterface
interface Behaviour {
    void answer(Call call) throws IOException;
}
