"""Stands between a gateway and its broker: sees the MQTT packets that the gateway sends, and loses
what follows an acknowledgement when told to."""

import socket
import threading

PUBLISH, PUBACK = 3, 4


def take_packet(stream):
    """Removes the first packet from a bytearray; None when it is not whole yet."""
    length, at = 0, 1
    while True:
        if at >= len(stream):
            return None
        length |= (stream[at] & 0x7F) << 7 * (at - 1)
        at += 1
        if stream[at - 1] < 0x80:
            break
    if len(stream) < at + length:
        return None
    packet = bytes(stream[:at + length])
    del stream[:at + length]
    return packet


class Tap:
    """`sent` has the kinds of the packets that came from the gateway. With `cuts` set, nothing
    reaches the broker from the first PUBACK to the end of that connection but the PUBACK; `lost`
    has the kinds of those that did not."""

    def __init__(self, broker_port):
        self.broker_port, self.cuts, self.sent, self.lost = broker_port, False, [], []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                gateway, _ = self.server.accept()
            except OSError:
                return
            broker = socket.create_connection(("127.0.0.1", self.broker_port))
            for what, near, far in ((self.watch, gateway, broker), (self.copy, broker, gateway)):
                threading.Thread(target=self.carry, args=(what, near, far), daemon=True).start()

    def carry(self, what, near, far):
        try:
            what(near, far)
        except OSError:
            pass
        for end in (near, far):
            end.close()

    def copy(self, broker, gateway):
        while data := broker.recv(65536):
            gateway.sendall(data)

    def watch(self, gateway, broker):
        stream, is_cut = bytearray(), False
        while data := gateway.recv(65536):
            stream += data
            while packet := take_packet(stream):
                kind = packet[0] >> 4
                self.sent.append(kind)
                if is_cut:
                    self.lost.append(kind)
                else:
                    broker.sendall(packet)
                is_cut = is_cut or self.cuts and kind == PUBACK

    def close(self):
        self.server.close()
