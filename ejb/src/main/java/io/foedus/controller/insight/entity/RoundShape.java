package io.foedus.controller.insight.entity;

/**
 * Who took part in a round and where its time went, the latest attempt only. Durations in seconds; null where the phase
 * was not reached.
 *
 * @param waiting from the round's opening until shares were handed out
 * @param training until the last partial was in
 * @param reducing until the model was stored
 * @param validating until the round ended
 * @param clientDownload mean over the accepted updates, as are {@code clientRun} and {@code clientUpload}
 * @param fold mean of the combiners' fold
 */
public record RoundShape(
        int round,
        int accepted,
        int rejected,
        int discarded,
        int lost,
        Double waiting,
        Double training,
        Double reducing,
        Double validating,
        Double clientDownload,
        Double clientRun,
        Double clientUpload,
        Double fold) {}
