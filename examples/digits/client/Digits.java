import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Recognises handwritten digits with a small neural network, 64 pixels → 32 hidden units (ReLU) → 10 classes (softmax), trained by plain mini-batch gradient descent.
 * It needs nothing but a JDK, and shows all that a compute package does: read a model, train on local data, write a model and what is known about it.
 *
 * <pre>
 *   java Digits.java init seed.npz                          write the seed model
 *   java Digits.java partition digits.csv agents folder     split the data set as the demo does
 *   java Digits.java train in.npz out.npz                   entry point `train`
 *   java Digits.java validate in.npz out.json               entry point `validate`
 * </pre>
 *
 * Local data is `train.csv` and `test.csv` in the folder named by the environment variable DIGITS_DATA. Settings come from the JSON file `in-metadata`:
 * `epochs` (1), `learning_rate` (0.1), `batch_size` (16), `seed` (1). The same model, data and settings give the same bytes.
 */
public final class Digits {
    static final int PIXELS = 64, HIDDEN = 32, CLASSES = 10;

    public static void main(String[] args) throws IOException {
        String verb = args.length == 0 ? "" : args[0];
        if (verb.equals("init") && args.length == 2) {
            Network.random(1).write(Path.of(args[1]));
        } else if (verb.equals("partition") && args.length == 4) {
            partition(Path.of(args[1]), Integer.parseInt(args[2]), Path.of(args[3]));
        } else if (verb.equals("train") && args.length == 3) {
            train(Path.of(args[1]), Path.of(args[2]));
        } else if (verb.equals("validate") && args.length == 3) {
            validate(Path.of(args[1]), Path.of(args[2]));
        } else {
            System.err.println("usage: java Digits.java init <model> | partition <csv> <agents> <folder> | train <in> <out> | validate <in> <out>");
            System.exit(2);
        }
    }

    static void train(Path in, Path out) throws IOException {
        Map<String, Double> settings = settings(Path.of(in + "-metadata"));
        List<Image> images = Image.read(data().resolve("train.csv"));
        Network network = Network.read(in);
        int batch = settings.getOrDefault("batch_size", 16.0).intValue();
        float rate = settings.getOrDefault("learning_rate", 0.1).floatValue();
        // The order of the images depends on the seed and on the model, so that each round sees another one.
        Random random = new Random(settings.getOrDefault("seed", 1.0).longValue() * 31 + network.fingerprint());
        for (int epoch = 0; epoch < settings.getOrDefault("epochs", 1.0).intValue(); epoch++) {
            shuffle(images, random);
            for (int i = 0; i < images.size(); i += batch) {
                network.descend(images.subList(i, Math.min(i + batch, images.size())), rate);
            }
        }
        Score score = network.score(images);
        network.write(out);
        Files.writeString(
                Path.of(out + "-metadata"),
                json("num_examples", images.size(), "training_loss", score.loss(), "training_accuracy", score.accuracy()));
    }

    static void validate(Path in, Path out) throws IOException {
        Network network = Network.read(in);
        List<Image> heldOut = Image.read(data().resolve("test.csv")), local = Image.read(data().resolve("train.csv"));
        Score test = network.score(heldOut), own = network.score(local);
        Files.writeString(
                out,
                json("num_examples", heldOut.size(), "accuracy", test.accuracy(), "loss", test.loss(), "local_accuracy", own.accuracy(), "local_loss", own.loss()));
    }

    /**
     * Deals the data set to agents: every fifth image is held out and given to all of them as `test.csv`; of the others each label is divided by shares drawn from
     * a flat Dirichlet distribution, so that agents see labels in different proportions. The same arguments give the same files.
     */
    static void partition(Path csv, int agents, Path folder) throws IOException {
        List<String> lines = Files.readAllLines(csv);
        Random random = new Random(1797);
        double[][] shares = Stream.generate(() -> random.doubles(agents).map(u -> -Math.log1p(-u)).toArray()).limit(CLASSES).toArray(double[][]::new);
        StringBuilder test = new StringBuilder();
        StringBuilder[] train = Stream.generate(StringBuilder::new).limit(agents).toArray(StringBuilder[]::new);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            double[] share = shares[line.charAt(line.length() - 1) - '0'];
            double point = random.nextDouble() * Arrays.stream(share).sum();
            int agent = 0;
            while (agent < agents - 1 && (point -= share[agent]) > 0) {
                agent++;
            }
            (i % 5 == 4 ? test : train[agent]).append(line).append('\n');
        }
        for (int agent = 0; agent < agents; agent++) {
            if (train[agent].length() == 0) {
                throw new IllegalArgumentException("too many agents: the " + lines.size() + " images do not suffice for " + agents);
            }
            Path own = Files.createDirectories(folder.resolve("agent-" + (agent + 1)));
            Files.writeString(own.resolve("train.csv"), train[agent]);
            Files.writeString(own.resolve("test.csv"), test);
        }
    }

    /** One picture: pixels scaled to 0…1 and the digit it shows. */
    record Image(float[] pixels, int label) {
        static List<Image> read(Path csv) throws IOException {
            List<Image> images = new ArrayList<>();
            for (String line : Files.readAllLines(csv)) {
                String[] columns = line.split(",");
                float[] pixels = new float[PIXELS];
                for (int i = 0; i < PIXELS; i++) {
                    pixels[i] = Integer.parseInt(columns[i]) / 16f;
                }
                images.add(new Image(pixels, Integer.parseInt(columns[PIXELS])));
            }
            return images;
        }
    }

    record Score(double accuracy, double loss) {}

    /** Weights of both layers, row-major by output unit, as they lie in the model file under the names "0" to "3". */
    record Network(float[] hidden, float[] hiddenBias, float[] output, float[] outputBias) {
        static Network random(long seed) {
            Random random = new Random(seed);
            Network network = zeros();
            for (int i = 0; i < network.hidden.length; i++) {
                network.hidden[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / PIXELS));
            }
            for (int i = 0; i < network.output.length; i++) {
                network.output[i] = (float) (random.nextGaussian() * Math.sqrt(2.0 / HIDDEN));
            }
            return network;
        }

        static Network zeros() {
            return new Network(new float[HIDDEN * PIXELS], new float[HIDDEN], new float[CLASSES * HIDDEN], new float[CLASSES]);
        }

        static Network read(Path npz) throws IOException {
            Network network = zeros();
            try (ZipFile zip = new ZipFile(npz.toFile())) {
                for (int i = 0; i < 4; i++) {
                    ZipEntry entry = zip.getEntry(i + ".npy");
                    if (entry == null) {
                        throw new IOException(npz + " has no array \"" + i + "\"");
                    }
                    fill(network.arrays()[i], zip.getInputStream(entry).readAllBytes());
                }
            }
            return network;
        }

        float[][] arrays() {
            return new float[][] {hidden, hiddenBias, output, outputBias};
        }

        /** The .npy format: magic, version, header length (2 or 4 bytes), header, numbers. */
        private static void fill(float[] array, byte[] npy) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
            int start = npy[6] == 1 ? 10 + bytes.getShort(8) : 12 + bytes.getInt(8);
            String header = new String(npy, 10, start - 10, StandardCharsets.ISO_8859_1);
            bytes.position(start);
            if (header.contains("<f4") && bytes.remaining() == 4 * array.length) {
                bytes.asFloatBuffer().get(array);
            } else if (header.contains("<f8") && bytes.remaining() == 8 * array.length) {
                for (int i = 0; i < array.length; i++) {
                    array[i] = (float) bytes.getDouble();
                }
            } else {
                throw new IOException("expected " + array.length + " numbers of type <f4 or <f8, found " + header.strip());
            }
        }

        void write(Path npz) throws IOException {
            String[] shapes = {"(32, 64)", "(32,)", "(10, 32)", "(10,)"};
            try (OutputStream file = Files.newOutputStream(npz); ZipOutputStream zip = new ZipOutputStream(file)) {
                zip.setMethod(ZipOutputStream.STORED);
                for (int i = 0; i < 4; i++) {
                    float[] array = arrays()[i];
                    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shapes[i] + ", }";
                    byte[] padded = (header + " ".repeat(117 - header.length()) + "\n").getBytes(StandardCharsets.ISO_8859_1);
                    ByteBuffer npy = ByteBuffer.allocate(10 + padded.length + 4 * array.length).order(ByteOrder.LITTLE_ENDIAN);
                    npy.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0}).putShort((short) padded.length).put(padded);
                    npy.asFloatBuffer().put(array);
                    CRC32 crc = new CRC32();
                    crc.update(npy.array());
                    ZipEntry entry = new ZipEntry(i + ".npy");
                    entry.setTimeLocal(java.time.LocalDateTime.of(1980, 1, 1, 0, 0));
                    entry.setSize(npy.capacity());
                    entry.setCrc(crc.getValue());
                    zip.putNextEntry(entry);
                    zip.write(npy.array());
                }
            }
        }

        int fingerprint() {
            return Arrays.deepHashCode(arrays());
        }

        /** One step against the gradient of the mean cross-entropy of a batch. */
        void descend(List<Image> batch, float rate) {
            Network gradient = zeros();
            for (Image image : batch) {
                float[] activity = activity(image), error = probabilities(activity);
                error[image.label] -= 1;
                for (int c = 0; c < CLASSES; c++) {
                    gradient.outputBias[c] += error[c];
                    for (int h = 0; h < HIDDEN; h++) {
                        gradient.output[c * HIDDEN + h] += error[c] * activity[h];
                    }
                }
                for (int h = 0; h < HIDDEN; h++) {
                    if (activity[h] > 0) {
                        float back = 0;
                        for (int c = 0; c < CLASSES; c++) {
                            back += error[c] * output[c * HIDDEN + h];
                        }
                        gradient.hiddenBias[h] += back;
                        for (int p = 0; p < PIXELS; p++) {
                            gradient.hidden[h * PIXELS + p] += back * image.pixels[p];
                        }
                    }
                }
            }
            for (int i = 0; i < 4; i++) {
                float[] weights = arrays()[i], slope = gradient.arrays()[i];
                for (int j = 0; j < weights.length; j++) {
                    weights[j] -= rate / batch.size() * slope[j];
                }
            }
        }

        float[] activity(Image image) {
            float[] activity = layer(hidden, hiddenBias, image.pixels);
            for (int h = 0; h < HIDDEN; h++) {
                activity[h] = Math.max(0, activity[h]);
            }
            return activity;
        }

        float[] probabilities(float[] activity) {
            float[] logits = layer(output, outputBias, activity);
            float top = Float.NEGATIVE_INFINITY, sum = 0;
            for (float logit : logits) {
                top = Math.max(top, logit);
            }
            for (int c = 0; c < CLASSES; c++) {
                sum += logits[c] = (float) StrictMath.exp(logits[c] - top);
            }
            for (int c = 0; c < CLASSES; c++) {
                logits[c] /= sum;
            }
            return logits;
        }

        private static float[] layer(float[] weights, float[] bias, float[] input) {
            float[] out = bias.clone();
            for (int o = 0; o < out.length; o++) {
                for (int i = 0; i < input.length; i++) {
                    out[o] += weights[o * input.length + i] * input[i];
                }
            }
            return out;
        }

        Score score(List<Image> images) {
            int right = 0;
            double loss = 0;
            for (Image image : images) {
                float[] probabilities = probabilities(activity(image));
                boolean best = true;
                for (float other : probabilities) {
                    best &= probabilities[image.label] >= other;
                }
                right += best ? 1 : 0;
                loss -= Math.log(Math.max(1e-12, probabilities[image.label]));
            }
            return new Score((double) right / images.size(), loss / images.size());
        }
    }

    private static Path data() {
        String folder = System.getenv("DIGITS_DATA");
        if (folder == null || !Files.isReadable(Path.of(folder, "train.csv"))) {
            System.err.println("no local data: set DIGITS_DATA to a folder that holds train.csv and test.csv (it is " + folder + ")");
            System.exit(1);
        }
        return Path.of(folder);
    }

    /** The numbers of a flat JSON object; no file means no settings. */
    private static Map<String, Double> settings(Path file) throws IOException {
        Map<String, Double> settings = new TreeMap<>();
        if (Files.exists(file)) {
            Matcher pair = Pattern.compile("\"(\\w+)\"\\s*:\\s*\"?(-?[0-9.]+(?:[eE][-+]?[0-9]+)?)").matcher(Files.readString(file));
            while (pair.find()) {
                settings.put(pair.group(1), Double.valueOf(pair.group(2)));
            }
        }
        return settings;
    }

    private static String json(Object... pairs) {
        return Stream.iterate(0, i -> i < pairs.length, i -> i + 2)
                .map(i -> String.format(Locale.ROOT, pairs[i + 1] instanceof Integer ? "\"%s\": %d" : "\"%s\": %.6f", pairs[i], pairs[i + 1]))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static void shuffle(List<Image> images, Random random) {
        java.util.Collections.shuffle(images, random);
    }
}
