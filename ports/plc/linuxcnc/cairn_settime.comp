component cairn_settime "CAIRN_SetTime: Sets the log's clock. What set it and by how much it was stepped is recorded.";
pin in bit execute "A rising edge starts a request; the other inputs count at that edge.";
pin in unsigned handle "From CAIRN_Log of this task.";
pin in unsigned unix_ms_lo "The time now. [ms since 1970] Low half.";
pin in unsigned unix_ms_hi "High half.";
pin in unsigned source "0 not known, 1 an operator, 2 unauthenticated network, 3 authenticated network, 4 satellite, 5 radio clock.";
pin in unsigned uncertainty_ms "How far it may be off. [ms]";
pin out bit done "The request is finished.";
pin out bit busy "The request is being worked on.";
pin out bit error "The request failed; ErrorID says why.";
pin out unsigned error_id "0, or the reason.";
pin out unsigned step_ms_lo "New time less the clock's before; 0 when it was not set. [ms] Low half.";
pin out unsigned step_ms_hi "High half.";
variable cairn_fb_settime_t fb;
function _ fp "Calls the block: once in every period.";
license "Apache-2.0";
author "the authors of cairn";
include "cairn_plc.h";
;;
// Generated from ports/plc/blocks.json by ports/plc/generate; change it there.
FUNCTION(_) {
  (void)period;
  fb.Execute = execute;
  fb.Handle = handle;
  fb.UnixMs = (uint64_t)((uint64_t)unix_ms_hi << 32 | unix_ms_lo);
  fb.Source = (uint8_t)source;
  fb.UncertaintyMs = uncertainty_ms;
  cairn_fb_settime(&fb);
  done = fb.Done;
  busy = fb.Busy;
  error = fb.Error;
  error_id = fb.ErrorID;
  step_ms_lo = (uint32_t)fb.StepMs;
  step_ms_hi = (uint32_t)((uint64_t)fb.StepMs >> 32);
}
