package io.foedus.incontainer;

import io.foedus.federation.Federation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.protocol.ProtocolDescription;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.arquillian.container.spi.client.protocol.metadata.Servlet;
import org.jboss.shrinkwrap.api.Archive;
import org.jboss.shrinkwrap.api.exporter.ZipExporter;
import org.jspecify.annotations.Nullable;

/** Deploys a controller's WAR by starting a federation with it: a database, and Payara Micro with the WAR. */
public final class MicroContainer implements DeployableContainer<MicroContainer.Configuration> {
    private @Nullable Federation federation;

    /** Nothing to configure. */
    public static final class Configuration implements ContainerConfiguration {
        @Override
        public void validate() {}
    }

    @Override
    public Class<Configuration> getConfigurationClass() {
        return Configuration.class;
    }

    @Override
    public ProtocolDescription getDefaultProtocol() {
        return new ProtocolDescription("Servlet 6.0");
    }

    @Override
    public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        try {
            Path war = Files.createDirectories(Federation.home("archives")).resolve(archive.getName());
            archive.as(ZipExporter.class).exportTo(war.toFile(), true);
            federation = Federation.named("in-container")
                    .combiners()
                    .controllerWar(war)
                    .start();
        } catch (IOException | RuntimeException e) {
            throw new DeploymentException("cannot deploy " + archive.getName(), e);
        }
        URI at = federation.controller().uri();
        HTTPContext context = new HTTPContext(at.getHost(), at.getPort());
        context.add(new Servlet("ArquillianServletRunnerEE9", ""));
        return new ProtocolMetaData().addContext(context);
    }

    @Override
    public void undeploy(Archive<?> archive) {
        if (federation != null) {
            federation.close();
        }
    }
}
