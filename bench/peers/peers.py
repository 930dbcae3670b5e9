"""Times one aggregation, from spooled or received updates to the stored model, in Foedus and its peers.

Every row is a fresh process; a peer's own classes are called, nothing of theirs is replaced. What a row includes:

foedus     `foedus bench fold` with a 64 MB heap: files to file, SHA-256 of every input and of the output, median of runs
           "after last upload" is what a combiner does when the last deflated update is there: check and unpack it, fold
numpy      np.load of every member, in-place weighted sum, np.savez of the result: files to file, no digest
fedn       the combiner's Aggregator("fedavg").combine_models on files in its temporary storage, and what follows it
           before the model is stored: serialise at the combiner, load and save at the controller
flower     ServerApp path: messages (object contents in memory) to RecordDicts, aggregate_arrayrecords, the new model
           as an object; robust rules: aggregate_median, aggregate_trimmed_avg, aggregate_krum on arrays in memory

Peak is the process' largest resident memory (VmHWM). Flower and the robust rules hold all updates in memory before the
clock starts, because a reply is in memory when Flower's strategy is called.
"""

import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def peak_mb():
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def files(args, form):
    return [args.dir / "files" / f"{form}-{args.size_mb}mb-{i}.npz" for i in range(args.updates)]


def weights(args):
    return [100 + i for i in range(args.updates)]


# --- rows -----------------------------------------------------------------------------------------------------------


def foedus(args, aggregator, form, *more):
    command = args.foedus.split() + [
        "bench", "fold", "--updates", str(args.updates), "--size-mb", str(args.size_mb), "--aggregator", aggregator,
        "--format", form, "--runs", "5", "--dir", str(args.dir / "files"), "--json", *more,
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    answer = json.loads(done.stdout)
    return {"seconds": answer["seconds"], "peakMb": answer["residentMb"], "processorSeconds": answer["processorSeconds"],
            "copySeconds": answer["copySeconds"]}


def numpy_mean(args):
    import numpy as np

    start = time.perf_counter()
    total = float(sum(weights(args)))
    sums = {}
    for path, weight in zip(files(args, "npz"), weights(args)):
        with np.load(path) as update:
            for name in update.files:
                scaled = update[name]
                scaled *= np.float32(weight / total)
                if name in sums:
                    sums[name] += scaled
                else:
                    sums[name] = scaled
    np.savez(args.dir / "numpy-result.npz", **sums)
    seconds = time.perf_counter() - start
    os.remove(args.dir / "numpy-result.npz")
    return {"seconds": seconds, "peakMb": peak_mb()}


def fedn_mean(args):
    os.environ["FEDN_MODEL_DIR"] = str(args.dir / "fedn-models")
    import logging

    import fedn.network.grpc.fedn_pb2 as messages
    from fedn.network.combiner.aggregators.fedavg import Aggregator
    from fedn.network.combiner.modelservice import ModelService, load_model_from_bytes, serialize_model_to_BytesIO
    from fedn.network.combiner.updatehandler import UpdateHandler
    from fedn.utils.helpers.helpers import get_helper

    if not os.environ.get("FEDN_LOG"):
        logging.disable(logging.CRITICAL)
    service = ModelService()
    handler = UpdateHandler(service)
    storage = pathlib.Path(service.temp_model_storage.default_dir)
    for i, (path, weight) in enumerate(zip(files(args, "npz-deflated"), weights(args))):
        # as Upload leaves it: a file in the temporary storage with status OK
        name = f"update-{i}"
        target = storage / name
        if target.exists():
            target.unlink()
        os.link(path, target)
        service.temp_model_storage.models[name] = {"file": None}
        service.temp_model_storage.set_model_metadata(name, messages.ModelStatus.OK)
        update = messages.ModelUpdate(model_update_id=name)
        update.meta = json.dumps({"training_metadata": {"num_examples": weight}, "config": "{}"})
        handler.on_model_update(update)
    helper = get_helper("numpyhelper")
    start = time.perf_counter()
    model, data = Aggregator(handler).combine_models(helper=helper, delete_models=False)
    combined = time.perf_counter() - start
    if data["nr_aggregated_models"] != args.updates:
        raise SystemExit(f"FEDn aggregated {data['nr_aggregated_models']} of {args.updates} updates")
    uploaded = serialize_model_to_BytesIO(model, helper)
    at_controller = load_model_from_bytes(uploaded.getbuffer(), helper)
    os.remove(helper.save(at_controller))
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "peakMb": peak_mb(), "combineSeconds": combined}


def arrays(args):
    import numpy as np

    loaded = []
    for path in files(args, "npz"):
        with np.load(path) as update:
            loaded.append([update[name] for name in update.files])
    return loaded


def flower_mean(args):
    import numpy as np
    from flwr.app import ArrayRecord, MetricRecord, RecordDict
    from flwr.serverapp.strategy.strategy_utils import aggregate_arrayrecords
    from flwr.supercore.inflatable.inflatable_object import get_all_nested_objects
    from flwr.supercore.inflatable.inflatable_utils import inflate_object_from_contents

    received = []
    for path, weight in zip(files(args, "npz"), weights(args)):
        with np.load(path) as update:
            record = RecordDict({
                "arrays": ArrayRecord([update[name] for name in update.files]),
                "metrics": MetricRecord({"num-examples": weight}),
            })
        contents = {key: value.deflate() for key, value in get_all_nested_objects(record).items()}
        received.append((record.object_id, contents))
        del record
    start = time.perf_counter()
    records = [inflate_object_from_contents(object_id, contents) for object_id, contents in received]
    inflated = time.perf_counter() - start
    model = aggregate_arrayrecords(records, "num-examples")
    aggregated = time.perf_counter() - start
    for value in get_all_nested_objects(model).values():
        value.deflate()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "peakMb": peak_mb(), "inflateSeconds": inflated,
            "aggregateSeconds": aggregated - inflated}


def flower_rule(args, rule):
    from flwr.server.strategy import aggregate

    results = list(zip(arrays(args), weights(args)))
    start = time.perf_counter()
    if rule == "median":
        aggregate.aggregate_median(results)
    elif rule == "trimmed":
        aggregate.aggregate_trimmed_avg(results, 0.2)
    else:
        aggregate.aggregate_krum(results, 2, 6)
    return {"seconds": time.perf_counter() - start, "peakMb": peak_mb()}


ROWS = {
    "foedus mean": lambda a: foedus(a, "mean", "npz"),
    "foedus mean, deflated npz": lambda a: foedus(a, "mean", "npz-deflated"),
    "foedus after last upload": lambda a: foedus(a, "mean", "npz-deflated", "--last-upload"),
    "foedus median": lambda a: foedus(a, "median", "npz"),
    "foedus trimmed-mean:0.2": lambda a: foedus(a, "trimmed-mean:0.2", "npz"),
    "foedus multi-krum:2,6": lambda a: foedus(a, "multi-krum:2,6", "npz"),
    "numpy mean": numpy_mean,
    "fedn mean, deflated npz": fedn_mean,
    "flower mean": flower_mean,
    "flower median": lambda a: flower_rule(a, "median"),
    "flower trimmed mean 0.2": lambda a: flower_rule(a, "trimmed"),
    "flower multi-Krum 2, 6": lambda a: flower_rule(a, "krum"),
}
BASELINE = {"fedn mean, deflated npz": "foedus after last upload", "flower mean": "foedus mean", "numpy mean": "foedus mean",
            "flower median": "foedus median", "flower trimmed mean 0.2": "foedus trimmed-mean:0.2",
            "flower multi-Krum 2, 6": "foedus multi-krum:2,6"}

# --- table ----------------------------------------------------------------------------------------------------------


def measure(name, args):
    runs = 1 if name.startswith("foedus") else args.repeat
    results = []
    for _ in range(runs):
        command = [sys.executable, __file__, *sys.argv[1:], "--row", name]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if done.returncode != 0:
            return {"error": f"exit code {done.returncode}"}
        results.append(json.loads(done.stdout.splitlines()[-1]))
    results.sort(key=lambda result: result["seconds"])
    middle = dict(results[len(results) // 2])
    middle["seconds"] = round(statistics.median(result["seconds"] for result in results), 3)
    middle["peakMb"] = max(result["peakMb"] for result in results)
    return middle


def main():
    parser = argparse.ArgumentParser(description="Foedus and its peers on the same files.")
    parser.add_argument("--updates", type=int, default=10)
    parser.add_argument("--size-mb", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--dir", type=pathlib.Path, required=True)
    parser.add_argument("--only", default="foedus,numpy,fedn,flower")
    parser.add_argument("--foedus", default=os.environ.get("FOEDUS", str(ROOT / "foedus")))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--row", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.row:
        print(json.dumps(ROWS[args.row](args)))
        return
    os.environ.setdefault("JAVA_TOOL_OPTIONS", "-Xmx64m")
    (args.dir / "files").mkdir(parents=True, exist_ok=True)
    for form in ("npz", "npz-deflated"):
        if not all(path.exists() for path in files(args, form)):
            foedus(args, "mean", form)
    table = {}
    for name in ROWS:
        if name.split()[0] in args.only.split(","):
            table[name] = measure(name, args)
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for name, base in BASELINE.items():
        if name in table and "seconds" in table[name] and "seconds" in table.get(base, {}):
            table[name]["timesFoedus"] = round(table[name]["seconds"] / table[base]["seconds"], 1)
    if args.json:
        print(json.dumps(table))
        return
    print(f"{args.updates} updates of {args.size_mb} MB, load average {os.getloadavg()[0]:.1f}")
    print(f"{'what':28} {'seconds':>9} {'peak MB':>9} {'times Foedus':>13}  parts")
    for name, row in table.items():
        if "error" in row:
            print(f"{name:28} {row['error']}")
            continue
        parts = ", ".join(f"{key} {value:.2f}" for key, value in row.items()
                          if key not in ("seconds", "peakMb", "timesFoedus"))
        print(f"{name:28} {row['seconds']:9.3f} {row['peakMb']:9} {row.get('timesFoedus', ''):>13}  {parts}")


if __name__ == "__main__":
    main()
