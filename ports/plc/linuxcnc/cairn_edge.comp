component cairn_edge "CAIRN_Edge: Records every edge of a signal: a door, a seal, a bypass switch. The first call records its state.";
pin in bit enable "The block works while this is TRUE.";
pin in unsigned handle "From CAIRN_Log of this task.";
pin in unsigned event_id "Your number of this signal.";
pin in unsigned source "Channel or part of the machine that it concerns.";
pin in bit signal "The signal.";
pin out bit valid "The block works, and its outputs are up to date.";
pin out bit busy "The block is starting.";
pin out bit error "The block does not work; ErrorID says why. It goes on by itself where it can.";
pin out unsigned error_id "0, or the reason.";
pin out unsigned rises "Edges to TRUE since Enable rose.";
pin out unsigned falls "Edges to FALSE since Enable rose.";
variable cairn_fb_edge_t fb;
function _ fp "Calls the block: once in every period.";
license "Apache-2.0";
author "the authors of cairn";
include "cairn_plc.h";
;;
// Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
FUNCTION(_) {
  (void)period;
  fb.Enable = enable;
  fb.Handle = handle;
  fb.EventId = event_id;
  fb.Source = source;
  fb.Signal = signal;
  cairn_fb_edge(&fb);
  valid = fb.Valid;
  busy = fb.Busy;
  error = fb.Error;
  error_id = fb.ErrorID;
  rises = fb.Rises;
  falls = fb.Falls;
}
