package io.foedus.core.exchange;

/** A token that a FEDn client has shown to a combiner; in a body, where no log of addresses has it. */
public record ShownToken(String token) {
    @Override
    public String toString() {
        return "ShownToken";
    }
}
