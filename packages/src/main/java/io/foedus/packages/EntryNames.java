package io.foedus.packages;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The names that an archive has used: each stays inside, is possible on every file system, and stands for one thing.
 */
final class EntryNames {
    private static final int LONGEST_NAME = 1_000;
    private static final int LONGEST_SEGMENT_BYTES = 255;

    private final Set<String> files = new HashSet<>();
    private final Set<String> folders = new HashSet<>();

    /** The path of a folder relative to the archive's top, {@code ""} for the top itself. */
    String folder(String name) throws RefusedPackage {
        List<String> segments = segments(name);
        open(name, segments);
        return String.join("/", segments);
    }

    /** The path of a file relative to the archive's top. */
    String file(String name) throws RefusedPackage {
        List<String> segments = segments(name);
        if (segments.isEmpty()) {
            throw RefusedPackage.unsafe(name, "is a file without a name");
        }
        open(name, segments.subList(0, segments.size() - 1));
        String path = String.join("/", segments);
        if (folders.contains(path)) {
            throw RefusedPackage.unsafe(name, "is a file and a folder at once");
        }
        if (!files.add(path)) {
            throw RefusedPackage.unsafe(name, "is there twice");
        }
        return path;
    }

    private void open(String name, List<String> segments) throws RefusedPackage {
        for (int depth = 1; depth <= segments.size(); depth++) {
            String folder = String.join("/", segments.subList(0, depth));
            if (files.contains(folder)) {
                throw RefusedPackage.unsafe(name, "uses the file " + RefusedPackage.shown(folder) + " as a folder");
            }
            folders.add(folder);
        }
    }

    private static List<String> segments(String name) throws RefusedPackage {
        if (name.length() > LONGEST_NAME) {
            throw RefusedPackage.unsafe(name, "has a name of more than " + LONGEST_NAME + " characters");
        }
        if (name.startsWith("/") || name.matches("(?s)^[A-Za-z]:.*")) {
            throw RefusedPackage.unsafe(name, "leads outside of the archive: its path is absolute");
        }
        List<String> segments = new ArrayList<>();
        for (String segment : name.split("/", -1)) {
            if (segment.equals("..")) {
                throw RefusedPackage.unsafe(name, "leads outside of the archive");
            }
            if (segment.getBytes(StandardCharsets.UTF_8).length > LONGEST_SEGMENT_BYTES) {
                throw RefusedPackage.unsafe(
                        name, "has a part of more than " + LONGEST_SEGMENT_BYTES + " bytes in its name");
            }
            if (!segment.isEmpty() && !segment.equals(".")) {
                segments.add(segment);
            }
        }
        if (name.indexOf('\\') >= 0) {
            throw RefusedPackage.unsafe(name, "leads outside of the archive on some machines: it has a backslash");
        }
        if (name.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
            throw RefusedPackage.unsafe(name, "has a control character in its name");
        }
        return segments;
    }
}
