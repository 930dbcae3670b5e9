package io.foedus.web.desk;

import jakarta.faces.application.Resource;
import jakarta.faces.application.ResourceHandler;
import jakarta.faces.application.ResourceHandlerWrapper;
import jakarta.faces.application.ResourceWrapper;
import jakarta.faces.context.FacesContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Style sheets, scripts and pictures. Our own carry a hash of their content in their address, PrimeFaces' its version;
 * so what an address gives never changes, and browsers keep it for good.
 */
public class Furniture extends ResourceHandlerWrapper {
    private static final String OWN = "foedus";
    private static final String VERSION = "v";
    private static final String FOR_GOOD = "public, max-age=31536000, immutable";

    private final Map<String, String> hashes = new ConcurrentHashMap<>();

    public Furniture(ResourceHandler wrapped) {
        super(wrapped);
    }

    @Override
    public Resource createResource(String name, String library) {
        return versioned(super.createResource(name, library));
    }

    @Override
    public Resource createResource(String name, String library, String contentType) {
        return versioned(super.createResource(name, library, contentType));
    }

    private Resource versioned(Resource resource) {
        return resource == null ? null : new Versioned(resource);
    }

    private String hash(Resource resource) {
        return hashes.computeIfAbsent(resource.getResourceName(), name -> {
            try (InputStream content = resource.getInputStream()) {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(content.readAllBytes());
                return HexFormat.of().formatHex(digest, 0, 6);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private final class Versioned extends ResourceWrapper {
        Versioned(Resource wrapped) {
            super(wrapped);
        }

        private boolean own() {
            return OWN.equals(getLibraryName());
        }

        @Override
        public String getRequestPath() {
            String path = super.getRequestPath();
            return own() ? path + (path.contains("?") ? "&" : "?") + VERSION + "=" + hash(getWrapped()) : path;
        }

        @Override
        public Map<String, String> getResponseHeaders() {
            String asked = FacesContext.getCurrentInstance()
                    .getExternalContext()
                    .getRequestParameterMap()
                    .get(VERSION);
            Map<String, String> headers = new TreeMap<>(super.getResponseHeaders());
            if (asked != null && (!own() || asked.equals(hash(getWrapped())))) {
                headers.remove("Expires");
                headers.put("Cache-Control", FOR_GOOD);
            }
            return headers;
        }
    }
}
