package io.foedus.core.blobs;

/** What a store finds when it reads a blob again and compares it with its digest. */
public enum Soundness {
    /** Its bytes are those of its digest. */
    SOUND("is sound"),
    /** Its bytes are others; the store keeps them aside and gives them to nobody. */
    DAMAGED("is damaged in the store: its bytes are not those of its SHA-256 any more"),
    /** There is nothing to read. */
    MISSING("is missing from the store"),
    /** The disk does not give its bytes. */
    UNREADABLE("cannot be read from the store");

    private final String words;

    Soundness(String words) {
        this.words = words;
    }

    /** The rest of a sentence that begins with the blob's name. */
    public String words() {
        return words;
    }
}
