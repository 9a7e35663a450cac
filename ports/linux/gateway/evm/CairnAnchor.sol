// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;

/// Remembers the newest head of each log of each submitter, and takes only what goes on from it.
///
/// Nobody owns it: an address speaks for itself alone. `digest` is the SHA-256 of the text of a
/// signed checkpoint (c2sp.org/tlog-checkpoint), `log` the SHA-256 of the log's origin.
contract CairnAnchor {
    struct Head {
        uint64 size;
        bytes32 digest;
    }

    mapping(address => mapping(bytes32 => Head)) private heads;

    event Anchored(address indexed submitter, bytes32 indexed log, uint64 size, bytes32 digest);

    /// The log is smaller than it was, or of the same size and another one.
    error NotAnExtension(uint64 size, uint64 newest);

    function anchor(bytes32 log, uint64 size, bytes32 digest) external {
        Head storage newest = heads[msg.sender][log];
        bool conflict = size == newest.size && digest != newest.digest;
        if (size < newest.size || conflict) revert NotAnExtension(size, newest.size);
        newest.size = size;
        newest.digest = digest;
        emit Anchored(msg.sender, log, size, digest);
    }

    function head(address submitter, bytes32 log) external view returns (uint64, bytes32) {
        Head storage newest = heads[submitter][log];
        return (newest.size, newest.digest);
    }
}
