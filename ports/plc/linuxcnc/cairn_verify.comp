component cairn_verify "CAIRN_Verify: Reads the log back, from the oldest record that it holds to the newest signed head, and checks that the records lead to exactly that head and its signature. In a log that is pumped inline it answers NOT_INLINE.";
pin in bit execute "A rising edge starts a request; the other inputs count at that edge.";
pin in unsigned handle "From CAIRN_Log of this task.";
pin out bit done "The request is finished.";
pin out bit busy "The request is being worked on.";
pin out bit error "The request failed; ErrorID says why.";
pin out unsigned error_id "0, or the reason.";
pin out bit intact "With Done: every record is there and as it was signed.";
pin out unsigned first_bad_lo "With Done and not Intact: the first record that cannot be read; 0: all can be read, but they are not those that were signed. Low half.";
pin out unsigned first_bad_hi "High half.";
pin out unsigned checked_lo "Read so far. [records] Low half.";
pin out unsigned checked_hi "High half.";
pin out unsigned progress "Of the work. [0.1 %]";
variable cairn_fb_verify_t fb;
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
  cairn_fb_verify(&fb);
  done = fb.Done;
  busy = fb.Busy;
  error = fb.Error;
  error_id = fb.ErrorID;
  intact = fb.Intact;
  first_bad_lo = (uint32_t)fb.FirstBad;
  first_bad_hi = (uint32_t)((uint64_t)fb.FirstBad >> 32);
  checked_lo = (uint32_t)fb.Checked;
  checked_hi = (uint32_t)((uint64_t)fb.Checked >> 32);
  progress = fb.Progress;
}
