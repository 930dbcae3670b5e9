package io.foedus.system;

import io.foedus.federation.Federation;
import io.foedus.federation.SharedFederation;

/** One federation for all who send bodies as nobody should; its controller waits five seconds for one, not longer. */
final class ImpatientFederation extends SharedFederation {
    @Override
    protected Federation started() {
        return Federation.named("impatient")
                .controllerSetting("FOEDUS_BODIES_WINDOW_SECONDS", 5)
                .start();
    }
}
