component cairn_append "CAIRN_Append: Records one value at each rising edge of Execute.";
pin in bit execute "A rising edge starts a request; the other inputs count at that edge.";
pin in unsigned handle "From CAIRN_Log of this task.";
pin in unsigned channel "Number of the measured quantity.";
pin in float value "The reading.";
pin in unsigned quality "0: good; otherwise your code.";
pin in unsigned unix_ms_lo "When it was taken. 0: now, by the log's clock. [ms since 1970] Low half.";
pin in unsigned unix_ms_hi "High half.";
pin in unsigned level "Done when the record is 0 queued, 1 durable, 2 under a signed head, 3 confirmed by a receiver.";
pin out bit done "The request is finished.";
pin out bit busy "The request is being worked on.";
pin out bit error "The request failed; ErrorID says why.";
pin out unsigned error_id "0, or the reason.";
pin out unsigned index_lo "Its place in the log, for levels from 1; 0: not known. Low half.";
pin out unsigned index_hi "High half.";
variable cairn_fb_append_t fb;
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
  fb.Channel = channel;
  fb.Value = value;
  fb.Quality = (uint16_t)quality;
  fb.UnixMs = (uint64_t)((uint64_t)unix_ms_hi << 32 | unix_ms_lo);
  fb.Level = (uint8_t)level;
  cairn_fb_append(&fb);
  done = fb.Done;
  busy = fb.Busy;
  error = fb.Error;
  error_id = fb.ErrorID;
  index_lo = (uint32_t)fb.Index;
  index_hi = (uint32_t)((uint64_t)fb.Index >> 32);
}
