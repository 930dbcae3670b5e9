package io.foedus.core.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class AgreementTest {
    private static final int LENGTH = 8192;

    @Test
    void one_late_contribution_that_differs_everywhere_is_compared_once() {
        Agreement agreement = new Agreement(LENGTH, 1);
        ByteBuffer first = ByteBuffer.allocate(LENGTH);
        ByteBuffer late = ByteBuffer.allocate(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            late.put(i, (byte) (i % 2)); // every other element: as many runs as there can be
        }
        for (int c = 1; c < 100; c++) {
            agreement.with(first, c == 99 ? late : first.duplicate());
        }
        assertThat(agreement.compared()).isEqualTo(LENGTH);
        assertThat(agreement.everywhere()).isFalse();
        assertThat(agreement.at(0)).isTrue();
        assertThat(agreement.at(1)).isFalse();
    }

    @Test
    void all_that_differ_are_compared_once_each() {
        Agreement agreement = new Agreement(LENGTH, 8);
        ByteBuffer first = ByteBuffer.allocate(8 * LENGTH);
        for (int c = 1; c <= 10; c++) {
            ByteBuffer other = ByteBuffer.allocate(8 * LENGTH);
            for (int i = 0; i < LENGTH; i++) {
                other.putLong(8 * i, c);
            }
            agreement.with(first, other);
        }
        assertThat(agreement.compared()).isEqualTo(10L * LENGTH);
        assertThat(agreement.everywhere()).isFalse();
        assertThat(agreement.at(LENGTH - 1)).isFalse();
    }

    @Test
    void equal_contributions_agree_everywhere_unless_inputs_within_one_differ() {
        Agreement agreement = new Agreement(3, 2);
        agreement.with(ByteBuffer.allocate(6), ByteBuffer.allocate(6));
        assertThat(agreement.everywhere()).isTrue();
        agreement.within(ByteBuffer.wrap(new byte[] {1, 1, 0}));
        assertThat(agreement.everywhere()).isFalse();
        assertThat(agreement.at(1)).isTrue();
        assertThat(agreement.at(2)).isFalse();
    }
}
