package io.foedus.launcher.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The model of benchmarks: one tensor of float32 in safetensors, whose numbers are the last bytes of the file. */
final class FlatModel {
    private FlatModel() {}

    /** The file with all numbers zero. */
    static byte[] zeros(int floats) {
        String header = String.format(
                Locale.ROOT,
                "{\"w\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}",
                floats,
                (long) floats * Float.BYTES);
        int padded = (header.length() + 7) / 8 * 8;
        byte[] text = (header + " ".repeat(padded - header.length())).getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(Long.BYTES + padded + floats * Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(text)
                .array();
    }

    /** Writes numbers over the last ones. */
    static void setLast(byte[] file, float... numbers) {
        ByteBuffer end = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        end.position(file.length - numbers.length * Float.BYTES);
        for (float number : numbers) {
            end.putFloat(number);
        }
    }
}
