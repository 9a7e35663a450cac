// A Modbus server on 127.0.0.1 with a thermometer: holding register 0 is the temperature of a cold
// store in tenths of a degree, which rises and falls between 2.0 and 10.0 within SECONDS.
//
//   node server.js SECONDS     prints its port
'use strict';
const net = require('net');
const { ServerTCP } = require('modbus-serial');

const seconds = Number(process.argv[2]);
const began = Date.now();

function tenths() {
  const phase = ((Date.now() - began) / 1000 / seconds) * 2 * Math.PI;
  return Math.round(60 - 40 * Math.cos(phase));
}

const probe = net.createServer().listen(0, '127.0.0.1', () => {
  const { port } = probe.address();
  probe.close(() => {
    const vector = { getHoldingRegister: (address) => (address === 0 ? tenths() : 0) };
    const server = new ServerTCP(vector, { host: '127.0.0.1', port, unitID: 255 });
    server.on('initialized', () => console.log(port));
    server.on('socketError', () => {});
  });
});
