package io.foedus.combiner.spool.control;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/** The spool's directories. */
public record Spool(Path root) {
    public Spool {
        root = root.toAbsolutePath().normalize();
    }

    /** Makes what is missing. */
    public Spool create() throws IOException {
        Files.createDirectories(root);
        Files.createDirectories(shares());
        Files.createDirectories(models());
        return this;
    }

    public Path uploads() {
        return root.resolve("uploads");
    }

    public Path models() {
        return root.resolve("models");
    }

    public Path ledger() {
        return root.resolve("ledger.jsonl");
    }

    /** The directory of one share. */
    public Path share(Object key) {
        return shares().resolve(key.toString());
    }

    /** Directories of shares left by an earlier run. */
    public List<Path> leftShares() throws IOException {
        List<Path> left = new ArrayList<>();
        try (DirectoryStream<Path> dirs = Files.newDirectoryStream(shares())) {
            dirs.forEach(left::add);
        }
        return left;
    }

    private Path shares() {
        return root.resolve("shares");
    }

    /** Makes names in a directory durable. */
    public static void force(Path dir) throws IOException {
        try (FileChannel channel = FileChannel.open(dir, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes a directory with all that is in it; what is not there is no matter. */
    public static void remove(Path dir) throws IOException {
        if (!Files.exists(dir)) {
            return;
        }
        Files.walkFileTree(dir, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @org.jspecify.annotations.Nullable IOException e)
                    throws IOException {
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
