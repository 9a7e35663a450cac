/* Generated from ports/plc/blocks.json by ports/plc/generate. */
#include "cairn_plc.h"
#include "layout.h"

const char* cairn_plc_error_text(uint32_t error_id) {
  switch (error_id) {
    case 0:
      return "no error";
    case CAIRN_PLC_E_STRUCT_SIZE:
      return "the block was compiled for another version of the library";
    case CAIRN_PLC_E_LOG_ID:
      return "there is no log of this number";
    case CAIRN_PLC_E_TASK:
      return "TaskId is not below the number of tasks that the library was built for";
    case CAIRN_PLC_E_RANGE:
      return "an input is outside its range";
    case CAIRN_PLC_E_NOT_KEPT:
      return "this log keeps no retained values, or has no slot left for another group";
    case CAIRN_PLC_E_NO_HANDLE:
      return "Handle is 0 or none of this library's: its CAIRN_Log is not valid yet";
    case CAIRN_PLC_E_STALE_HANDLE:
      return "Handle is of an earlier start of its CAIRN_Log";
    case CAIRN_PLC_E_BUSY:
      return "Execute rose while the block was busy";
    case CAIRN_PLC_E_SWITCHED_OFF:
      return "logging is switched off";
    case CAIRN_PLC_E_TAKEN_OVER:
      return "another CAIRN_Log has started with the same LogId and TaskId";
    case CAIRN_PLC_E_CLOSED:
      return "CAIRN_Log was disabled, or the log closed, before the request was finished";
    case CAIRN_PLC_E_PUMP_SILENT:
      return "the task or process that writes the log has not been heard for ten seconds";
    case CAIRN_PLC_E_NOT_INLINE:
      return "this log is pumped inline, and what the block asks for takes longer than a scan";
    case CAIRN_PLC_E_INSTANCES:
      return "all instances of this block that the library was built for are taken";
    case CAIRN_PLC_E_QUEUE_FULL:
      return "the queue of this task is full";
    case CAIRN_PLC_E_ANSWERS_FULL:
      return "too many requests of this task are waiting for an answer";
    case CAIRN_PLC_E_STORAGE_FULL:
      return "the log has no room";
    case CAIRN_PLC_E_STORAGE_FAILED:
      return "the memory of the log failed";
    case CAIRN_PLC_E_NO_LOG:
      return "no log lies on this memory, or one of another format";
    case CAIRN_PLC_E_STOPPED:
      return "StopWhenFull is set and the log cannot record";
    case CAIRN_PLC_E_DAMAGED:
      return "records that were acknowledged are missing";
    case CAIRN_PLC_E_CORRUPT:
      return "the record cannot be read back";
    case CAIRN_PLC_E_TAMPERED:
      return "stored values do not lead to the signed head of their log";
    case CAIRN_PLC_E_KEY_MISSING:
      return "the key is missing or did not sign";
    case CAIRN_PLC_E_OTHER_KEY:
      return "the log was begun with another key or under another name";
    case CAIRN_PLC_E_CLOCK_NOT_SET:
      return "nobody has set the clock since power-up";
    case CAIRN_PLC_E_ORDER:
      return "the command's number is not above that of the last command that took effect";
    case CAIRN_PLC_E_WINDOW:
      return "it is too early or too late for the command";
    case CAIRN_PLC_E_SIGNATURE:
      return "the signature is not that key's over exactly these values";
    case CAIRN_PLC_E_UNKNOWN_KEY:
      return "no key of this number is authorised";
    case CAIRN_PLC_E_CONFLICT:
      return "another command is collecting signatures on this channel";
    case CAIRN_PLC_E_CHANNEL:
      return "no set-point of this channel may be commanded";
    default:
      return "not an ErrorID of this library";
  }
}
