/* What the pump says of its work: how a record ended, to the task that asked, and failures. */
#include <string.h>

#include "writer.h"

uint32_t plc_writer_error(int status) {
  switch (status) {
    case CAIRN_OK:
      return 0;
    case CAIRN_E_FULL:
      return CAIRN_PLC_E_STORAGE_FULL;
    case CAIRN_E_BAD_ARGUMENT:
      return CAIRN_PLC_E_RANGE;
    case CAIRN_E_DAMAGED:
      return CAIRN_PLC_E_DAMAGED;
    case CAIRN_E_NOT_FORMATTED:
    case CAIRN_E_WRONG_VERSION:
    case CAIRN_E_UNSUPPORTED:
      return CAIRN_PLC_E_NO_LOG;
    case CAIRN_E_NOT_FOUND:
      return CAIRN_PLC_E_OTHER_KEY;
    case CAIRN_E_CORRUPT:
      return CAIRN_PLC_E_CORRUPT;
    default:
      return CAIRN_PLC_E_STORAGE_FAILED;
  }
}

void plc_writer_note(plc_writer* writer, uint32_t error_id) {
  writer->shown.last_error = error_id;
  if (writer->shown.failures != UINT32_MAX) writer->shown.failures += 1u;
}

void plc_writer_answer(plc_lane* lane, uint8_t place, const plc_answer* answer) {
  plc_answer* shared;
  if (place >= CAIRN_PLC_ANSWERS) return;
  shared = &lane->answers[place];
  memcpy(&shared->error_id, &answer->error_id, sizeof *answer - offsetof(plc_answer, error_id));
  plc_store(&shared->ticket, answer->ticket);
}

void plc_writer_finish(plc_writer* writer, uint32_t error_id) {
  plc_lane* lane = writer->lane;
  const plc_record* record = &writer->record;
  const uint32_t count = record->type == PLC_COMMAND || record->type == PLC_RETAIN ? 2u : 1u;
  if (lane == NULL) return;
  writer->answer.error_id = error_id;
  writer->answer.ticket = record->ticket;
  plc_writer_answer(lane, record->answer, &writer->answer);
  plc_store(&lane->tail, lane->tail + count);
  writer->lane = NULL;
}
