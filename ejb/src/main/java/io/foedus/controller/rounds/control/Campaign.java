package io.foedus.controller.rounds.control;

import io.foedus.controller.config.ControllerConfig;
import io.foedus.controller.models.entity.Model;
import io.foedus.controller.news.boundary.News;
import io.foedus.controller.news.entity.Topic;
import io.foedus.controller.persistence.TimeOrderedId;
import io.foedus.controller.rounds.entity.Round;
import io.foedus.controller.sessions.entity.Session;
import io.foedus.controller.sessions.entity.SessionState;
import io.foedus.core.exchange.Severity;
import io.foedus.core.exchange.TaskKind;
import io.foedus.core.lineage.Manifest;
import io.foedus.core.models.Digest;
import io.foedus.core.round.RoundPhase;
import jakarta.enterprise.context.Dependent;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Moves a session's rounds as far as they go in one transaction, under the lock of the session's row. Nothing outside
 * the database is touched, so whatever was moved is moved for everybody at commit or for nobody.
 */
@Dependent
public class Campaign {
    private static final System.Logger LOG = System.getLogger(Campaign.class.getName());
    private static final Set<RoundPhase> OPEN =
            Set.of(RoundPhase.PLANNED, RoundPhase.TRAINING, RoundPhase.REDUCING, RoundPhase.VALIDATING);

    @Inject
    EntityManager entities;

    @Inject
    Clock clock;

    @Inject
    ControllerConfig config;

    @Inject
    Opening opening;

    @Inject
    RoundStep step;

    @Inject
    RoundEnd end;

    @Inject
    Reductions reductions;

    @Inject
    Proofs proofs;

    @Inject
    Attendants attendants;

    @Inject
    Exclusion exclusion;

    @Inject
    Board board;

    @Inject
    News news;

    /** @return what is to be done now, by this controller, before the session goes on */
    public Optional<Work> advance(Session session, String node) {
        while (true) {
            Round round = open(session);
            if (round == null) {
                Optional<Work> first = begin(session);
                if (first.isPresent() || open(session) == null) {
                    return first;
                }
                continue;
            }
            if (session.state() == SessionState.CANCELLED) {
                step.cancel(session, round);
                return Optional.empty();
            }
            if (round.phase() == RoundPhase.REDUCING) {
                return claim(session, round, node);
            }
            boolean moved = switch (round.phase()) {
                case PLANNED -> step.planned(session, round);
                case TRAINING -> step.training(session, round);
                case VALIDATING -> step.validating(session, round);
                case REDUCING, COMPLETED, FAILED, CANCELLED -> false;
            };
            if (!moved) {
                return Optional.empty();
            }
        }
    }

    /** Opens the next round if there is to be one, or returns what has to be done before. */
    private Optional<Work> begin(Session session) {
        if (opening.isDue(session)) {
            List<Digest> doubtful = opening.doubtful(session);
            if (!doubtful.isEmpty()) {
                return Optional.of(new Work.Inspection(doubtful));
            }
            if (opening.open(session)) {
                return Optional.empty();
            }
        }
        board.release(session);
        return Optional.empty();
    }

    private Optional<Work> claim(Session session, Round round, String node) {
        if (!round.mayBeClaimed(config.reduce().claim(), clock.instant())) {
            return Optional.empty();
        }
        round.claim(node, config.reduce().claim(), clock.instant());
        return Optional.of(reductions.of(session, round));
    }

    /**
     * Makes what a reducer made the session's model: the model with its manifest, and the round, together. A manifest
     * that does not say what the books say is not signed: the round fails, whatever was made of it is not used.
     */
    public void commit(Session session, Round round, Reduction folded, Reduced reduced) {
        Instant now = clock.instant();
        Model base = entities.find(Model.class, round.baseModelId());
        Reduction counted = exclusion.of(session, round, folded, reduced.rejected());
        Manifest manifest =
                proofs.manifest(session, round, base, new Digest(reduced.file().digest()));
        Optional<String> difference = proofs.difference(manifest, round, counted);
        if (difference.isPresent()) {
            refuse(session, round, difference.get());
            return;
        }
        Model model = Model.ofRound(
                TimeOrderedId.next(clock),
                base,
                new Model.Origin(session.id(), round.id()),
                session.modelName(round.number()),
                reduced.file(),
                proofs.sign(manifest),
                new Model.Memory(reduced.optimizerState(), reduced.nextAggregator()),
                now);
        entities.persist(model);
        entities.flush();
        session.advanceTo(model.id());
        news.tell(Topic.MODELS, session.allianceId());
        if (!reduced.notes().isEmpty()) {
            board.tell(session, round, Severity.INFO, "merged", notes(reduced.notes()));
        }
        List<RoundPlanner.Allotment> validators = session.plan().validates(round.number())
                ? RoundPlanner.validation(session.plan(), attendants.of(session))
                : List.of();
        if (validators.isEmpty()) {
            round.completeWith(model.id(), now);
            end.completed(session, round);
        } else {
            round.validate(model.id(), now.plus(session.plan().deadline()), now);
            round.lookAgain(now.plus(session.plan().deadline()));
            board.offer(round, TaskKind.VALIDATE, validators);
            board.tell(session, round, Severity.INFO, "validating", "model " + new Digest(model.digest()).brief());
        }
    }

    private void refuse(Session session, Round round, String difference) {
        LOG.log(System.Logger.Level.ERROR, "round={0} manifest not signed: {1}", round.id(), difference);
        board.tell(session, round, Severity.ERROR, "unproven", "the manifest was not signed: " + difference);
        end.fail(session, round, "its manifest would not be true and was not signed: " + difference);
    }

    private static String notes(Map<String, String> notes) {
        return new TreeMap<>(notes)
                .entrySet().stream()
                        .map(note -> note.getKey() + " " + note.getValue())
                        .collect(Collectors.joining(", "));
    }

    /** It is not merged yet, and why is there for people to see. */
    public void giveBack(Session session, Round round, String why, Instant next) {
        boolean known = why.equals(round.reason());
        round.release(why, next);
        if (!known) {
            board.tell(session, round, Severity.WARNING, "unmerged", "not merged yet: " + why);
        }
    }

    /** These inputs cannot make a model. */
    public void fail(Session session, Round round, String why) {
        end.fail(session, round, why);
    }

    private Round open(Session session) {
        List<Round> rounds = entities.createQuery(
                        "SELECT r FROM Round r WHERE r.sessionId = :session AND r.phase IN :open", Round.class)
                .setParameter("session", session.id())
                .setParameter("open", OPEN)
                .getResultList();
        return rounds.isEmpty() ? null : rounds.get(0);
    }
}
