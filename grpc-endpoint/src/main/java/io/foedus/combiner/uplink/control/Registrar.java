package io.foedus.combiner.uplink.control;

import io.foedus.core.exchange.Introduction;
import io.foedus.core.exchange.Membership;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;

/** Becomes, or becomes again, a member of the installation. */
public final class Registrar {
    private static final Logger LOG = System.getLogger(Registrar.class.getName());

    private final Controller controller;
    private final IdentityFile identity;
    private final JoinToken joinToken;

    public Registrar(Controller controller, IdentityFile identity, JoinToken joinToken) {
        this.controller = controller;
        this.identity = identity;
        this.joinToken = joinToken;
    }

    /**
     * The identity of the last registration, if there was one: enough to check tickets while the controller is away.
     */
    public Optional<Membership> known() throws IOException {
        return identity.read();
    }

    /**
     * Registers by the kept identity; by the join token if there is none, or the controller does not know it any more.
     */
    Membership register(Introduction self) throws IOException {
        Optional<Membership> known = identity.read();
        Membership membership = known.isPresent() ? again(known.get(), self) : controller.join(self, joinToken.read());
        identity.write(membership);
        return membership;
    }

    private Membership again(Membership known, Introduction self) throws IOException {
        try {
            return controller.register(known.combinerId(), known.bearer(), self);
        } catch (ControllerRefusal refusal) {
            if (refusal.status() != 401 && refusal.status() != 404) {
                throw refusal;
            }
            LOG.log(Level.WARNING, "The controller does not know this combiner any more; joining as a new one.");
            return controller.join(self, joinToken.read());
        }
    }
}
