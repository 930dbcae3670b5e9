package io.foedus.web.problems;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ejb.EJBException;
import jakarta.ejb.EJBTransactionRolledbackException;
import jakarta.persistence.OptimisticLockException;
import jakarta.persistence.PersistenceException;
import jakarta.resource.spi.ResourceAllocationException;
import jakarta.transaction.RollbackException;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProblemsTest {
    @ParameterizedTest
    @CsvSource({
        "08000, 503, DATABASE_UNAVAILABLE",
        "08003, 503, DATABASE_UNAVAILABLE",
        "08006, 503, DATABASE_UNAVAILABLE",
        "57P01, 503, DATABASE_UNAVAILABLE",
        "57P02, 503, DATABASE_UNAVAILABLE",
        "57P03, 503, DATABASE_UNAVAILABLE",
        "53300, 503, DATABASE_UNAVAILABLE",
        "53100, 503, DATABASE_UNAVAILABLE",
        ", 503, DATABASE_UNAVAILABLE",
        "40001, 503, CHANGED_MEANWHILE",
        "40P01, 503, CHANGED_MEANWHILE",
        "23505, 409, EXISTS_ALREADY",
        "22021, 400, BAD_TEXT",
        "22P05, 400, BAD_TEXT",
        "22003, 400, BAD_NUMBER",
        "42601, 500, INTERNAL"
    })
    void a_database_s_word_becomes_a_problem_however_it_is_wrapped(String state, int status, String code) {
        SQLException said = new SQLException("said", state);

        assertThat(Stream.of(
                                said,
                                new PersistenceException(said),
                                rolledBack(new PersistenceException(said)),
                                new EJBException("x", rolledBack(new RuntimeException(said))),
                                new EJBTransactionRolledbackException("x", rolledBack(said)))
                        .map(Problems::of))
                .allMatch(
                        problem -> problem.status() == status && problem.code().equals(code))
                .allMatch(problem -> problem.headers().containsKey("Retry-After") == (status == 503));
    }

    @ParameterizedTest
    @MethodSource
    void a_transaction_whose_end_is_not_known_is_tried_again_later(Exception thrown) {
        assertThat(Problems.of(thrown).status()).isEqualTo(503);
    }

    static Stream<Exception> a_transaction_whose_end_is_not_known_is_tried_again_later() {
        return Stream.of(
                new EJBException("no", new RollbackException("Transaction marked for rollback.")),
                new EJBException("no", new jakarta.transaction.SystemException("XA")),
                new EJBException("no", new ResourceAllocationException("no connection")));
    }

    @Test
    void the_next_exception_of_a_batch_is_looked_at() {
        SQLException batch = new SQLException("Batch entry 0 was aborted", "25P02");
        batch.setNextException(new SQLException("terminating connection", "57P01"));

        assertThat(Problems.of(new EJBException(batch)).status()).isEqualTo(503);
    }

    @Test
    void what_made_a_transaction_roll_back_is_told_rather_than_that_it_did() {
        assertThat(Problems.of(rolledBack(new OptimisticLockException())).status())
                .isEqualTo(409);
        assertThat(Problems.of(rolledBack(new IllegalStateException("bug"))).status())
                .isEqualTo(500);
    }

    private static RuntimeException rolledBack(Throwable cause) {
        RollbackException rollback = new RollbackException("rolled back");
        rollback.initCause(cause);
        return new EJBException("Transaction aborted", rollback);
    }
}
