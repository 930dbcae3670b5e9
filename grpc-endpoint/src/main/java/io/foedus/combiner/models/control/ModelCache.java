package io.foedus.combiner.models.control;

import io.foedus.combiner.uplink.control.Uplink;
import io.foedus.core.models.Digest;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Models by digest. Safe for many threads; a fetch blocks a thread of the executor, nobody else. */
public final class ModelCache {
    private static final Logger LOG = System.getLogger(ModelCache.class.getName());

    private final Path dir;
    private final long limit;
    private final Uplink uplink;
    private final Executor executor;
    private final Map<String, Long> sizes = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<String, Integer> holders = new HashMap<>();
    private final Map<String, CompletableFuture<Path>> coming = new HashMap<>();

    /** @param limit bytes that cached models may have together */
    public ModelCache(Path dir, long limit, Uplink uplink, Executor executor) throws IOException {
        this.dir = dir;
        this.limit = limit;
        this.uplink = uplink;
        this.executor = executor;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(dir)) {
            for (Path file : files) {
                if (file.getFileName().toString().matches("[0-9a-f]{64}")) {
                    sizes.put(file.getFileName().toString(), Files.size(file));
                }
            }
        }
    }

    /** Promises to keep a model, once it is here, until {@link #release} is called as often. */
    public synchronized void hold(Digest digest) {
        holders.merge(digest.hex(), 1, Integer::sum);
    }

    public synchronized void release(Digest digest) {
        holders.computeIfPresent(digest.hex(), (key, count) -> count > 1 ? count - 1 : null);
        evict();
    }

    /**
     * The model's file; brought from the controller if it is not here. Fails with the {@link IOException} of the fetch.
     */
    public synchronized CompletableFuture<Path> get(Digest digest) {
        if (sizes.get(digest.hex()) != null) {
            return CompletableFuture.completedFuture(dir.resolve(digest.hex()));
        }
        CompletableFuture<Path> known = coming.get(digest.hex());
        if (known != null) {
            return known;
        }
        CompletableFuture<Path> fetch = new CompletableFuture<>();
        coming.put(digest.hex(), fetch);
        executor.execute(() -> fetch(digest, fetch));
        return fetch;
    }

    /**
     * Keeps a file of this machine as a model that may be asked for soon, without copying it where the file system can
     * do without. The file itself stays where it is.
     */
    public synchronized void keep(Digest digest, Path file) {
        Path place = dir.resolve(digest.hex());
        if (sizes.containsKey(digest.hex()) || coming.containsKey(digest.hex())) {
            return;
        }
        try {
            Files.deleteIfExists(place);
            Files.createLink(place, file);
            sizes.put(digest.hex(), Files.size(place));
            evict();
        } catch (IOException | UnsupportedOperationException e) {
            LOG.log(Level.DEBUG, "A model is not kept and will be fetched if it is needed: {0}", e.toString());
        }
    }

    /** The model's file if it is here. */
    public synchronized Optional<Path> here(Digest digest) {
        return sizes.get(digest.hex()) == null ? Optional.empty() : Optional.of(dir.resolve(digest.hex()));
    }

    private void fetch(Digest digest, CompletableFuture<Path> fetch) {
        Path file = dir.resolve(digest.hex());
        try {
            uplink.call(me -> {
                uplink.controller().fetch(me, digest.hex(), file);
                return file;
            });
            arrived(digest, Files.size(file));
            fetch.complete(file);
        } catch (IOException | RuntimeException e) {
            failed(digest);
            fetch.completeExceptionally(new CompletionException(e));
        }
    }

    private synchronized void arrived(Digest digest, long size) {
        coming.remove(digest.hex());
        sizes.put(digest.hex(), size);
        evict();
    }

    private synchronized void failed(Digest digest) {
        coming.remove(digest.hex());
    }

    private void evict() {
        long total = sizes.values().stream().mapToLong(Long::longValue).sum();
        Iterator<Map.Entry<String, Long>> eldest = sizes.entrySet().iterator();
        while (total > limit && eldest.hasNext()) {
            Map.Entry<String, Long> entry = eldest.next();
            if (!holders.containsKey(entry.getKey())) {
                eldest.remove();
                total -= entry.getValue();
                try {
                    Files.deleteIfExists(dir.resolve(entry.getKey()));
                } catch (IOException e) {
                    LOG.log(Level.WARNING, "Cannot drop a cached model: {0}", e.toString());
                }
            }
        }
    }
}
