#!/usr/bin/python3
"""What models take on the virtual boards, beside what others have measured on silicon.
   chip.py [--golden DIR] [--layers] [--optimize ram|balanced|speed] [--dragonet PROGRAM] [MODEL...]
runs MLPerf Tiny's four models, which lie in DIR, and the runs of the examples where they are trained, or the MODELs
that are named. Records are published milliseconds times the clock, of silicon with its wait states; the others'
instructions were counted in QEMU (docs/kernels.md)."""
import argparse
import json
import pathlib
import subprocess
import sys

home = pathlib.Path(__file__).resolve().parent.parent
boards = ["mkrzero", "virtual-m0plus", "virtual-m4f"]
# Millions. Of Cortex-M0+: Bosch HALE in MLPerf Tiny 1.2 on an STM32G0B1. Of Cortex-M4: ST X-CUBE-AI in 1.2, of the
# autoencoder Plumerai in 1.1, on a NUCLEO-L4R5ZI. TensorFlow Lite Micro with CMSIS-NN, gcc 12: instructions.
records = {
    "kws_ref_model": {"m0": (30.4, 29.0), "m4": (5.18, 7.70)},
    "vww_96_int8": {"m0": (90.5, 86.9), "m4": (10.67, 24.1)},
    "pretrainedResnet_quant": {"m0": (97.4, 97.6), "m4": (19.8, 29.9)},
    "ad01_int8": {"m0": (2.62, 1.76), "m4": (0.486, 0.58)},
}


def run(dragonet, model, board, optimize):
    """The run's JSON; None where the model does not fit the board."""
    done = subprocess.run([dragonet, "run", str(model), "--board", board, "--optimize", optimize, "--json"],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return json.loads(done.stdout) if done.returncode == 0 else None


def millions(number):
    return f"{number / 1e6:.2f}" if number >= 1e5 else f"{number / 1e6:.4f}"


def per(cycles, macs):
    return f"{cycles / macs:.2f}" if macs else ""


def row(name, board, ran):
    macs, live = (sum(layer[key] for layer in ran["layers"]) for key in ("macs", "live_macs"))
    record, tflm = records.get(name, {}).get("m4" if "m4" in board else "m0", ("", ""))
    return [name, board, millions(ran["instructions"]), millions(ran["cycles"]),
            millions(ran["cycles"] + ran["wait_cycles"]), per(ran["cycles"], macs), per(ran["cycles"], live),
            f"{ran['ms']:.1f}", str(ran["ram"]["total"]), str(ran["flash"]["total"]), str(record), str(tflm)]


def layer_rows(ran):
    for layer in ran["layers"]:
        yield ["  " + layer["name"][:40], layer["op"], layer["kernel"] or "plain", str(layer["live_macs"]),
               str(layer["cycles"]), per(layer["cycles"], layer["live_macs"])]


def table(rows):
    widths = [max(len(cell) for cell in column) for column in zip(*rows)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


heading = ["model", "board", "instructions, M", "cycles, M", "with waits, M", "cycles/MAC", "cycles/live MAC", "ms",
           "RAM, B", "flash, B", "record, M cycles", "TFLM, M instructions"]


def found_models(golden):
    models = {name: golden / name / "model.tflite" for name in records}
    for example in sorted((home / "examples").iterdir()):
        if runs := sorted((example / "runs").glob("*/model.tflite"), key=lambda path: int(path.parent.name)):
            models[example.name] = runs[-1]
    return {name: path for name, path in models.items() if path.exists()}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="*", type=pathlib.Path)
    parser.add_argument("--golden", type=pathlib.Path, default=home.parent / "shared" / "golden")
    parser.add_argument("--layers", action="store_true")
    parser.add_argument("--optimize", default="balanced")
    parser.add_argument("--dragonet", default=str(home / "build" / "dragonet"))
    options = parser.parse_args()
    models = {path.stem: path for path in options.models} or found_models(options.golden)
    if not models:
        sys.exit(f"no models: {options.golden} is not there, and no example is trained; name some")
    rows, layers = [heading], []
    for name, path in models.items():
        for board in boards:
            if ran := run(options.dragonet, path, board, options.optimize):
                rows.append(row(name, board, ran))
                layers += [[f"{name}, {board}", "", "kernel", "live MACs", "cycles", "per MAC"], *layer_rows(ran)]
    print(table(rows))
    if options.layers:
        print("\n" + table(layers))
    print("\nThe virtual boards' cycles are without wait states, and with them; records are of silicon with its own.")


if __name__ == "__main__":
    main()
