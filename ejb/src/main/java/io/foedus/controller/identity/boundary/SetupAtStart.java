package io.foedus.controller.identity.boundary;

import jakarta.annotation.PostConstruct;
import jakarta.ejb.DependsOn;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.inject.Inject;

/** Sees at start whether the installation needs its first account, and that the keys can be read. */
@Singleton
@Startup
@DependsOn("Schema")
public class SetupAtStart {
    @Inject
    Setup setup;

    @Inject
    SigningKeys keys;

    @PostConstruct
    void prepare() {
        keys.publicKey();
        setup.prepare();
    }
}
