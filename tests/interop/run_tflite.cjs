// Runs .tflite models in TensorFlow Lite itself, compiled to WebAssembly: an interpreter that we did not write.
//   node run_tflite.cjs MODEL INPUTS OUTPUTS ...      raw tensors of the model's types, back to back; any number of triples
// Needs the npm package @tensorflow/tfjs-tflite beside it, or where NODE_PATH says.
const fs = require('fs');
const path = require('path');

const folder = path.dirname(require.resolve('@tensorflow/tfjs-tflite/wasm/tflite_web_api_cc_simd.js'));

function bytesOf(view) {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

/// In the module's memory, where TensorFlow Lite reads the file as long as the model lives.
function copied(wasm, file) {
  const bytes = fs.readFileSync(file);
  const address = wasm._malloc(bytes.length);
  wasm.HEAPU8.set(bytes, address);
  return {address, length: bytes.length};
}

function loadModel(wasm, file) {
  const {address, length} = copied(wasm, file);
  const made = wasm.TFLiteWebModelRunner.CreateFromBufferAndOptions(address, length, {
    numThreads: 1,
    enableWebNNDelegate: false,
    webNNDevicePreference: 0,
    enableProfiling: false,
    maxProfilingBufferEntries: 0,
  });
  if (!made.ok()) throw new Error(`TensorFlow Lite refuses ${file}: ${made.errorMessage()}`);
  return {runner: made.value(), address};
}

function inputsOf(runner) {
  const inputs = runner.GetInputs();
  return Array.from({length: inputs.size()}, (_, i) => bytesOf(inputs.get(i).data()));
}

function answers(runner, all, file) {
  const size = inputsOf(runner).reduce((sum, input) => sum + input.length, 0);
  const results = [];
  for (let at = 0; at + size <= all.length;) {
    for (const input of inputsOf(runner)) {
      input.set(all.subarray(at, at + input.length));
      at += input.length;
    }
    if (!runner.Infer()) throw new Error(`TensorFlow Lite could not run ${file}`);
    results.push(Buffer.from(bytesOf(runner.GetOutputs().get(0).data())));
  }
  return Buffer.concat(results);
}

async function main(files) {
  const factory = require(path.join(folder, 'tflite_web_api_cc_simd.js'));
  const wasm = await factory({wasmBinary: fs.readFileSync(path.join(folder, 'tflite_web_api_cc_simd.wasm'))});
  for (let i = 0; i + 2 < files.length; i += 3) {
    const {runner, address} = loadModel(wasm, files[i]);
    fs.writeFileSync(files[i + 2], answers(runner, fs.readFileSync(files[i + 1]), files[i]));
    runner.delete();
    wasm._free(address);
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(String(error.message || error));
  process.exit(1);
});
