package io.foedus.agent.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.foedus.agent.controller.ControllerClient;
import io.foedus.agent.processes.Cancellation;
import io.foedus.agent.training.TaskRun;
import io.foedus.core.models.Digest;
import io.foedus.packages.UnpackLimits;
import io.foedus.protocol.v1.ModelRef;
import io.foedus.protocol.v1.Task;
import io.foedus.protocol.v1.TaskKind;
import io.foedus.protocol.v1.TaskResult;
import io.foedus.protocol.v1.Timings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Packages as FEDn's users write them, with a real Python and a real virtual environment. Nothing is downloaded: the
 * dependency is a wheel inside the package.
 */
@Timeout(300)
class FednPackageIT {
    private static final String WHEEL = "foedus_dep-1.0-py3-none-any.whl";

    @TempDir
    Path temp;

    private Path client = Path.of("");

    @BeforeEach
    void makePackage() throws Exception {
        assumeTrue(hasVenv(), "python3 with venv and pip is not on this machine");
        client = Files.createDirectory(temp.resolve("client"));
        write("fedn.yaml", """
                python_env: python_env.yaml
                entry_points:
                  build:
                    command: python model.py
                  startup:
                    command: python startup.py
                  train:
                    command: source ./settings.sh && python train.py
                  validate:
                    command: python validate.py
                  predict:
                    command: python predict.py
                """);
        write("python_env.yaml", "name: test\nbuild_dependencies: []\ndependencies:\n  - ./" + WHEEL + "\n");
        write("settings.sh", "export FROM_SHELL=yes\n");
        write("startup.py", "import foedus_dep, os\nopen('started', 'a').write(os.environ['WHERE'])\n");
        write("train.py", """
                import json, os, shutil, sys, foedus_dep
                settings = json.load(open(sys.argv[1] + '-metadata'))
                shutil.copy(sys.argv[1], sys.argv[2])
                open(sys.argv[2], 'ab').write(b'trained')
                json.dump({'num_examples': foedus_dep.EXAMPLES, 'epochs': settings['epochs'],
                           'in_venv': 1.0 if sys.prefix == os.environ['VIRTUAL_ENV'] else 0.0,
                           'shell': 1.0 if os.environ['FROM_SHELL'] == 'yes' else 0.0},
                          open(sys.argv[2] + '-metadata', 'w'))
                """);
        write(
                "validate.py",
                "import json, sys\njson.dump({'accuracy': 0.5, 'report': 'long text', 'nan': float('nan')},"
                        + " open(sys.argv[2], 'w'))\n");
        wheel(client.resolve(WHEEL));
    }

    @Test
    void a_package_with_everything_runs_as_it_is_in_an_environment_that_is_made_once() throws Exception {
        Path environments = Files.createDirectory(temp.resolve("environments"));
        PythonEnvironments python = new PythonEnvironments(environments, "python3", false);
        ReadyPackage first = ready(python, "first", "");
        Path made = Path.of(first.environment().get("VIRTUAL_ENV"));
        Files.writeString(made.resolve("mark"), "made once");

        TaskResult trained = run(first, TaskKind.TASK_KIND_TRAIN);
        assertThat(trained.getExamples()).isEqualTo(42);
        assertThat(trained.getMetricsMap())
                .containsEntry("epochs", 3.0)
                .containsEntry("in_venv", 1.0)
                .containsEntry("shell", 1.0);
        assertThat(trained.getSize()).isEqualTo("weightstrained".length());
        TaskResult validated = run(first, TaskKind.TASK_KIND_VALIDATE);
        assertThat(validated.getMetricsMap()).containsOnlyKeys("accuracy");
        assertThat(validated.getMetricsJson()).contains("long text");

        ReadyPackage second = ready(python, "second", "client/");
        assertThat(second.environment().get("VIRTUAL_ENV")).isEqualTo(made.toString());
        assertThat(made.resolve("mark")).hasContent("made once");
        assertThat(run(second, TaskKind.TASK_KIND_TRAIN).getExamples()).isEqualTo(42);
    }

    @Test
    void the_build_entry_point_makes_the_seed_in_the_packages_environment() throws Exception {
        write(
                "model.py",
                "import foedus_dep\nopen('../seed.npz', 'w').write(str(foedus_dep.EXAMPLES))\nprint('made')\n");

        String log = new PackageRun(client, temp.resolve("environments"), "python3").run("build", List.of(), "{}");
        assertThat(log).contains("made");
        assertThat(temp.resolve("seed.npz")).hasContent("42");
    }

    @Test
    void entry_points_are_tried_in_the_folder_before_the_package_is_uploaded() throws Exception {
        write("predict.py", """
                import json, sys, foedus_dep
                json.dump({'from': open(sys.argv[1]).read(), 'label': foedus_dep.EXAMPLES}, open(sys.argv[2], 'w'))
                """);
        PackageRun folder = new PackageRun(client, temp.resolve("environments"), "python3");
        Path model = Files.writeString(temp.resolve("model.npz"), "weights");

        folder.run("train", List.of(model, temp.resolve("update.npz")), "{\"epochs\": 2}");
        assertThat(temp.resolve("update.npz")).hasContent("weightstrained");
        assertThat(temp.resolve("update.npz-metadata")).content().contains("\"epochs\": 2");
        folder.run("predict", List.of(model, temp.resolve("labels.json")), "{}");
        assertThat(temp.resolve("labels.json")).hasContent("{\"from\": \"weights\", \"label\": 42}");

        write("validate.py", "raise SystemExit('no data here')\n");
        assertThatThrownBy(() -> folder.run("validate", List.of(model, temp.resolve("x.json")), "{}"))
                .isInstanceOfSatisfying(PackageException.class, e -> {
                    assertThat(e).hasMessage("validate ended with exit code 1");
                    assertThat(e.log()).contains("no data here");
                });
        assertThatThrownBy(() -> folder.run("trian", List.of(), "{}"))
                .isInstanceOf(PackageException.class)
                .hasMessageContaining("no entry point \"trian\"");
    }

    @Test
    void a_dependency_that_cannot_be_had_is_named_with_what_pip_said() throws Exception {
        write("python_env.yaml", "dependencies:\n  - ./no-such-wheel-1.0-py3-none-any.whl\n");
        PythonEnvironments python = new PythonEnvironments(temp.resolve("environments"), "python3", false);

        assertThatThrownBy(() -> ready(python, "broken", "")).isInstanceOfSatisfying(PackageException.class, e -> {
            assertThat(e.getMessage()).contains("no-such-wheel");
            assertThat(e.log()).containsIgnoringCase("error");
        });
    }

    @Test
    void a_startup_that_fails_is_told_with_what_it_printed() throws Exception {
        write("startup.py", "raise SystemExit('this site has no data')\n");
        PythonEnvironments python = new PythonEnvironments(temp.resolve("environments"), "python3", false);

        assertThatThrownBy(() -> ready(python, "broken", "")).isInstanceOfSatisfying(PackageException.class, e -> {
            assertThat(e.getMessage()).contains("startup ended").contains("exit code 1");
            assertThat(e.log()).contains("this site has no data");
        });
    }

    /** Packs it and lets a site's store unpack it, make its environment and start it up. */
    private ReadyPackage ready(PythonEnvironments python, String site, String topFolder) throws Exception {
        Path archive = temp.resolve(site + ".tgz");
        if (topFolder.isEmpty()) {
            PackageFolder.pack(client, archive);
        } else {
            zip(archive, topFolder);
        }
        String digest = Digest.of(archive).hex();
        Path packages = Files.createDirectory(temp.resolve(site));
        Files.move(archive, packages.resolve(digest + ".archive"));
        PackageStore store = new PackageStore(packages, python, UnpackLimits.DEFAULT, Map.of("WHERE", "north"));
        ControllerClient nowhere = new ControllerClient(URI.create("http://127.0.0.1:1"), null, Optional.empty());
        ReadyPackage ready = store.ready(digest, nowhere, new Cancellation());
        assertThat(ready.descriptor().commands()).containsOnlyKeys("build", "startup", "train", "validate", "predict");
        assertThat(store.ready(digest, nowhere, new Cancellation())).isSameAs(ready);
        assertThat(ready.descriptor().folder().resolve("started")).hasContent("north");
        return ready;
    }

    private TaskResult run(ReadyPackage compute, TaskKind kind) throws Exception {
        Task task = Task.newBuilder()
                .setTaskId("t")
                .setKind(kind)
                .setModel(ModelRef.newBuilder().setFormat("npz"))
                .setSettingsJson("{\"epochs\": 3}")
                .build();
        Path folder = Files.createTempDirectory(temp, "task");
        Path model = Files.writeString(temp.resolve("model.npz"), "weights");
        return new TaskRun(task, folder, compute, Map.of(), Timings.newBuilder())
                .run(model, Duration.ofMinutes(2), new Cancellation(), progress -> {});
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(client.resolve(name), content);
    }

    private void zip(Path archive, String topFolder) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(archive));
                var files = Files.list(client)) {
            for (Path file : files.sorted().toList()) {
                zip.putNextEntry(new ZipEntry(topFolder + file.getFileName()));
                Files.copy(file, zip);
            }
        }
    }

    /** The smallest wheel: a module and what pip wants to know about it. */
    private static void wheel(Path file) throws IOException {
        String info = "foedus_dep-1.0.dist-info/";
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            entry(zip, "foedus_dep.py", "EXAMPLES = 42\n");
            entry(zip, info + "METADATA", "Metadata-Version: 2.1\nName: foedus-dep\nVersion: 1.0\n");
            entry(
                    zip,
                    info + "WHEEL",
                    "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
            entry(
                    zip,
                    info + "RECORD",
                    "foedus_dep.py,,\n" + info + "METADATA,,\n" + info + "WHEEL,,\n" + info + "RECORD,,\n");
        }
    }

    private static void entry(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static boolean hasVenv() throws InterruptedException {
        try {
            return new ProcessBuilder("python3", "-c", "import venv, ensurepip")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
