package io.foedus.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.foedus.conformance.Python.Answer;
import io.foedus.federation.Federation;
import io.foedus.federation.Full;
import io.foedus.federation.SharedFederation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The examples that FEDn publishes, as scripts of our own that make the same calls in the same order with FEDn's own
 * programs; small data stands in for what they download. What each printed last goes to
 * {@code target/fedn-examples.txt}.
 */
@Full
@ExtendWith(SharedFederation.class)
class PublishedExamplesIT {
    private static final String FEDN = "fedn==0.33.0";
    private static final List<String> SEEN = new ArrayList<>();

    private final Federation federation;
    private final List<FednLab> labs = new ArrayList<>();

    PublishedExamplesIT(Federation federation) {
        this.federation = federation;
    }

    @AfterEach
    void stopClients() {
        labs.forEach(FednLab::close);
    }

    @AfterAll
    static void publish() throws IOException {
        Files.writeString(Path.of("target/fedn-examples.txt"), String.join("\n", SEEN) + "\n");
    }

    /** A seed model and clients with their own program: nobody ever uploads a package. */
    @Test
    void async_clients() {
        FednLab lab = lab(fedn(), "async");
        lab.site("crowd", 0, 1).script("published/async_clients.py", "3");

        Answer told = lab.script("published/async_experiment.py", host(lab), folder(lab), "3", "2");

        assertThat(seen("async-clients", told)).contains("Finished; aggregated [3, 3]");
    }

    /** Whether a round fails for want of clients or not, the loop that waits for the session ends. */
    @Test
    void async_clients_that_come_and_go() {
        FednLab lab = lab(fedn(), "intermittent");
        lab.site("crowd", 0, 1).script("published/async_clients.py", "3", "--intermittent");

        Answer told = lab.script("published/async_experiment.py", host(lab), folder(lab), "3", "6");

        assertThat(seen("async-clients --intermittent", told)).contains("Finished; aggregated");
    }

    @Test
    void clients_written_in_a_notebook() {
        FednLab lab = lab(torch(), "notebook");
        lab.script("published/notebook_seed.py", folder(lab) + "/seed.npz");
        lab.site("one", 0, 1).script("published/notebook_client.py");
        lab.site("two", 0, 1).script("published/notebook_client.py");

        Answer told = lab.script("published/api_example.py", host(lab), folder(lab), "--local");

        assertThat(seen("Local_Compute_Example, Local_Package_Api_Example", told))
                .contains("accuracy after");
    }

    @Test
    void mnist_pytorch_driven_by_the_notebooks() throws IOException {
        FednLab lab = packaged(lab(torch(), "pytorch"), "net_torch.py");

        assertThat(seen("mnist-pytorch, API_Example", lab.script("published/api_example.py", host(lab), folder(lab))))
                .contains("accuracy after");
        assertThat(seen("Aggregators", lab.script("published/aggregators.py", host(lab))))
                .contains("fedadagrad");
    }

    @Test
    void mnist_keras() throws IOException {
        FednLab lab = packaged(lab(keras(), "keras"), "net_keras.py");

        assertThat(seen("mnist-keras", lab.script("published/api_example.py", host(lab), folder(lab))))
                .contains("accuracy after");
    }

    /** As the READMEs say: package and seed by the command line, then two clients that get the package. */
    private static FednLab packaged(FednLab lab, String net) throws IOException {
        Path client = Files.createDirectories(lab.folder().resolve("client"));
        for (String file : List.of("package/fedn.yaml", "package/work.py", "data.py")) {
            Path from = lab.resource("published").resolve(file);
            Files.copy(from, client.resolve(from.getFileName()));
        }
        Files.copy(lab.resource("published").resolve(net), client.resolve("net.py"));
        require(lab.fedn("package", "create", "--path", "client"));
        require(lab.fedn("run", "build", "--path", "client"));
        lab.site("one", 0, 1).start();
        lab.site("two", 0, 1).start();
        return lab;
    }

    private static Python fedn() {
        return having(() -> Python.forFedn().with(Path.of("target/fedn-venv").toAbsolutePath(), FEDN));
    }

    private static Python torch() {
        return having(() -> Python.that(
                        "import sys, venv, ensurepip, torch, numpy; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 12))")
                .orElseThrow(() -> new Python.NotHere(
                        "no Python 3.9 to 3.12 here has torch and venv; on Debian: apt-get install python3-torch"))
                .above(Path.of("target/fedn-torch-venv").toAbsolutePath(), FEDN, "numpy<2"));
    }

    private static Python keras() {
        return having(
                () -> Python.forFedn().with(Path.of("target/fedn-keras-venv").toAbsolutePath(), FEDN, "keras", "jax"));
    }

    /** How an interpreter is had. */
    private interface Source {
        Python get() throws Python.NotHere;
    }

    private static Python having(Source source) {
        try {
            return source.get();
        } catch (Python.NotHere reason) {
            System.out.println("A published example is skipped: " + reason.reason());
            Assumptions.abort(reason.reason());
            throw new IllegalStateException(reason);
        }
    }

    private FednLab lab(Python python, String name) {
        FednLab lab = new FednLab(federation, python, "published-" + name);
        labs.add(lab);
        return lab;
    }

    private static String seen(String example, Answer told) {
        require(told);
        List<String> lines = told.output().strip().lines().toList();
        String last = lines.get(lines.size() - 1);
        SEEN.add(example + ": " + last);
        return last;
    }

    private static void require(Answer answer) {
        assertThat(answer.ok()).as(answer.output()).isTrue();
    }

    private static String host(FednLab lab) {
        return lab.url().substring("http://".length());
    }

    private static String folder(FednLab lab) {
        return lab.folder().toString();
    }
}
