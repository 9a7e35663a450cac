// usage: node compile.js FOLDER-OF-node_modules [--write]
// Compiles CairnAnchor.sol and compares the result with CairnAnchor.json, or writes it.
// Without PUSH0 (evmVersion paris), so that chains that lag behind run it as well.
'use strict';
const fs = require('fs');
const path = require('path');

const [modules, mode] = process.argv.slice(2);
const solc = require(path.join(path.resolve(modules), 'solc'));
const here = __dirname;
const name = 'CairnAnchor';
const input = {
  language: 'Solidity',
  sources: {[`${name}.sol`]: {content: fs.readFileSync(path.join(here, `${name}.sol`), 'utf8')}},
  settings: {
    evmVersion: 'paris',
    optimizer: {enabled: true, runs: 10000},
    metadata: {bytecodeHash: 'none'},
    outputSelection: {'*': {'*': ['abi', 'evm.bytecode.object']}},
  },
};
const output = JSON.parse(solc.compile(JSON.stringify(input)));
const complaints = (output.errors || []).map((error) => error.formattedMessage);
if (complaints.length !== 0) {
  console.error(complaints.join('\n'));
  process.exit(1);
}
const contract = output.contracts[`${name}.sol`][name];
const text = JSON.stringify({
  contract: name,
  compiler: `solc ${solc.version().split('+')[0]}`,
  evmVersion: input.settings.evmVersion,
  bytecode: contract.evm.bytecode.object,
  abi: contract.abi,
}, null, 1) + '\n';
const file = path.join(here, `${name}.json`);
if (mode === '--write') {
  fs.writeFileSync(file, text);
} else if (fs.readFileSync(file, 'utf8') !== text) {
  console.error(`${name}.json is not what solc makes of ${name}.sol`);
  process.exit(1);
}
console.log(`${name}: ${contract.evm.bytecode.object.length / 2} bytes`);
