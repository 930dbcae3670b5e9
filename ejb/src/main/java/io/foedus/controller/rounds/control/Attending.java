package io.foedus.controller.rounds.control;

import io.foedus.controller.rounds.entity.Share.Party;

/** A combiner that is alive and does not drain, with how many clients of an alliance it holds that may be asked. */
public record Attending(Party party, int clients) {}
