package io.foedus.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @Test
    void values_survive_writing_and_reading() {
        String text =
                "{\"b\":[1,-2,0.5,1E-7,true,false,null,\"\"],\"a\":{\"ключ\":\"\\\"\\\\\\n\\u0001\",\"e\":[],\"m\":{}}}";
        Object value = Json.parse(text);
        assertThat(Json.parse(Json.write(value))).isEqualTo(value);
        assertThat(new String(Json.canonical(value), StandardCharsets.UTF_8))
                .startsWith("{\"a\":{\"e\":[],\"m\":{},\"ключ\":\"\\\"\\\\\\n\\u0001\"},\"b\":[1,-2,0.5,1E-7,true");
    }

    @Test
    void a_double_is_written_as_the_shortest_decimal_that_reads_back() {
        assertThat(Json.write(List.of(0.1, 2e-3, 1.0, 1e15, 2.2250738585072014E-308, 2.0E-3f, 123456789.125)))
                .isEqualTo("[0.1,0.002,1,1E+15,2.2250738585072014E-308,0.0020000000949949026,123456789.125]");
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 10_000; i++) {
            double value = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(value)) {
                assertThat(Double.parseDouble(Json.write(value))).isEqualTo(value);
            }
        }
        assertThatThrownBy(() -> Json.write(Double.NaN)).isInstanceOf(JsonException.class);
        assertThatThrownBy(() -> Json.write(new Object())).isInstanceOf(JsonException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[1,]",
                "{\"a\":1,}",
                "{a:1}",
                "01",
                "1.",
                "+1",
                "nul",
                "\"\\x\"",
                "\"\u0001\"",
                "[1] 2",
                "{\"a\":1,\"a\":2}",
                "\"\\u12g4\"",
                "\"open"
            })
    void what_is_not_json_is_refused(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(JsonException.class);
    }

    @Test
    void deep_nesting_is_refused_instead_of_overflowing_the_stack() {
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).isInstanceOf(JsonException.class);
    }

    @Test
    void members_are_read_by_type_and_faults_name_them() {
        JsonObject object = Json.object("{\"n\":3,\"d\":0.5,\"s\":\"x\",\"o\":{\"k\":1},\"l\":[{\"k\":2}],\"z\":null}");
        assertThat(object.whole("n")).isEqualTo(3);
        assertThat(object.number("d")).isEqualTo(0.5);
        assertThat(object.object("o").whole("k")).isEqualTo(1);
        assertThat(object.objects("l").get(0).whole("k")).isEqualTo(2);
        assertThat(object.has("z")).isFalse();
        assertThat(object.optionalString("z")).isEmpty();
        assertThat(object.object("none").names()).isEmpty();
        assertThatThrownBy(() -> object.string("n")).hasMessage("member 'n' must be a string");
        assertThatThrownBy(() -> object.whole("d")).hasMessage("member 'd' must be a whole number");
        assertThatThrownBy(() -> object.string("none")).hasMessage("member 'none' is missing");
        assertThatThrownBy(() -> Json.object("[]")).hasMessage("a JSON object was expected");
    }
}
