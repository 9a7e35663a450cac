/* Generated from ports/plc/blocks.json by ports/plc/generate; change that and generate again.
 *
 * The function blocks of cairn for PLC runtimes: valid C99 and C++11. A block is a struct of plain
 * numbers and one function that is called in every scan, void cairn_fb_x(cairn_fb_x_t*). Fields
 * have the names that they have in IEC 61131-3; a BOOL is 0 or 1, and any other number counts as
 * TRUE. A struct of zeros is a block that has not started: set its inputs, call, read its outputs;
 * what stands behind the outputs is the block's own.
 *
 * - Cost. No call of a block waits, locks, allocates, or asks the operating system for anything.
 *   Each but CAIRN_Log takes constant time; CAIRN_Log does at most Budget units of work.
 * - Threads. A block instance belongs to one task, as does a Handle.
 * - Power loss. What a block queued and the log has not made durable is lost; see Level.
 * - Time. Blocks never read a wall clock: time comes from an input or from the port.
 *
 * docs/plc.md has the timing of every type of block, and cairn_plc_port.h what a controller brings.
 */
#ifndef CAIRN_PLC_H
#define CAIRN_PLC_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Returns the version of these structs: compare it with CAIRN_PLC_ABI. */
uint32_t cairn_plc_abi(void);
#define CAIRN_PLC_ABI 1u

/** Returns an ErrorID in plain words: "the queue of this task is full". Never NULL. */
const char* cairn_plc_error_text(uint32_t error_id);

/* Values of ErrorID: the class in the high word. */
/* Class 1, parameter: An input is wrong; correct the program. */
#define CAIRN_PLC_E_STRUCT_SIZE 0x00010001u
#define CAIRN_PLC_E_LOG_ID 0x00010002u
#define CAIRN_PLC_E_TASK 0x00010003u
#define CAIRN_PLC_E_RANGE 0x00010004u
#define CAIRN_PLC_E_NOT_KEPT 0x00010005u
/* Class 2, not ready: Not possible now; see the text. */
#define CAIRN_PLC_E_NO_HANDLE 0x00020001u
#define CAIRN_PLC_E_STALE_HANDLE 0x00020002u
#define CAIRN_PLC_E_BUSY 0x00020003u
#define CAIRN_PLC_E_SWITCHED_OFF 0x00020004u
#define CAIRN_PLC_E_TAKEN_OVER 0x00020005u
#define CAIRN_PLC_E_CLOSED 0x00020006u
#define CAIRN_PLC_E_PUMP_SILENT 0x00020007u
#define CAIRN_PLC_E_NOT_INLINE 0x00020008u
#define CAIRN_PLC_E_INSTANCES 0x00020009u
/* Class 3, queue full: More records than the pump takes away. */
#define CAIRN_PLC_E_QUEUE_FULL 0x00030001u
#define CAIRN_PLC_E_ANSWERS_FULL 0x00030002u
/* Class 4, storage: The memory of the log is full or fails. */
#define CAIRN_PLC_E_STORAGE_FULL 0x00040001u
#define CAIRN_PLC_E_STORAGE_FAILED 0x00040002u
#define CAIRN_PLC_E_NO_LOG 0x00040003u
#define CAIRN_PLC_E_STOPPED 0x00040004u
/* Class 5, integrity: What is stored is not what was recorded. */
#define CAIRN_PLC_E_DAMAGED 0x00050001u
#define CAIRN_PLC_E_CORRUPT 0x00050002u
#define CAIRN_PLC_E_TAMPERED 0x00050003u
/* Class 6, key: The key that signs is missing, or another's. */
#define CAIRN_PLC_E_KEY_MISSING 0x00060001u
#define CAIRN_PLC_E_OTHER_KEY 0x00060002u
/* Class 7, time: The clock is not set, or not good enough. */
#define CAIRN_PLC_E_CLOCK_NOT_SET 0x00070001u
/* Class 8, refused: A command that may not take effect; it is on the log. */
#define CAIRN_PLC_E_ORDER 0x00080001u
#define CAIRN_PLC_E_WINDOW 0x00080002u
#define CAIRN_PLC_E_SIGNATURE 0x00080003u
#define CAIRN_PLC_E_UNKNOWN_KEY 0x00080004u
#define CAIRN_PLC_E_CONFLICT 0x00080005u
#define CAIRN_PLC_E_CHANNEL 0x00080006u

/* A request of a block that has Execute: private. */
typedef struct cairn_plc_request {
  uint64_t index;    /* of the record, once it is known */
  uint32_t handle;   /* that it was made with */
  uint32_t ticket;   /* that its answer will carry */
  uint32_t error_id; /* that it ended with */
  uint8_t phase;     /* idle, busy, done or failed */
  uint8_t executed;  /* Execute in the call before */
  uint8_t level;     /* that it waits for */
  uint8_t answer;    /* where its answer will lie */
} cairn_plc_request;

/** CAIRN_Log, Enable. Opens a log for one task, and does its work in bounded pieces. One for each
 * task that writes to the log; call it first in every scan. */
typedef struct cairn_fb_log_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* UINT. Which of the port's logs, from 0. */
  uint16_t LogId;
  /* UINT. Number of this task, from 0. Task 0 does the work where the log is pumped inline. */
  uint16_t TaskId;
  /* UINT [work units]. Most that one call may do. 0: nothing in this scan. */
  uint16_t Budget;
  /* UINT [0.1 %]. Fill from which CapacityWarn is TRUE. 0: 800. */
  uint16_t WarnLevel;
  /* BOOL. The block works while this is TRUE. */
  uint8_t Enable;
  /* BOOL. TRUE while the machine may wait: memory is erased ahead. */
  uint8_t Maintenance;
  /* BOOL. TRUE: when the log cannot record, blocks answer STOPPED and Stopped asks the machine
   * to stop. FALSE: it goes on, Degraded, and the loss is recorded. */
  uint8_t StopWhenFull;
  /* BOOL. TRUE switches logging off; the log says from when to when, and how many records are
   * missing. */
  uint8_t SwitchOff;
  uint8_t reserved_1[4];

  /* ---- Outputs ---- */
  /* ULINT [records]. Records of the log that survive a power cut. */
  uint64_t Durable;
  /* ULINT [records]. Records under the newest signed head. */
  uint64_t Sealed;
  /* ULINT [records]. Records under the newest head that a receiver has confirmed. */
  uint64_t Anchored;
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* UDINT. For the other blocks of this task. */
  uint32_t Handle;
  /* UDINT [records]. Records of this task that wait in the queue. */
  uint32_t Pending;
  /* UDINT [records]. Records of this task lost since the start, each counted in a gap record. */
  uint32_t Lost;
  /* UINT [0.1 %]. Of the log's memory in use. */
  uint16_t Fill;
  /* UINT [days]. Until it is full at the rate since the start; 65535: more, or not known yet. */
  uint16_t DaysLeft;
  /* UINT [work units]. Done in this call; never more than Budget. */
  uint16_t UnitsUsed;
  /* UINT [work units]. Most done in one call since the start. */
  uint16_t UnitsMax;
  /* BOOL. The block works, and its outputs are up to date. */
  uint8_t Valid;
  /* BOOL. The block is starting. */
  uint8_t Busy;
  /* BOOL. The block does not work; ErrorID says why. It goes on by itself where it can. */
  uint8_t Error;
  /* BOOL. Fill has reached WarnLevel, in a log that does not recycle. */
  uint8_t CapacityWarn;
  /* BOOL. Records are being lost or cannot be signed. The machine is not affected. */
  uint8_t Degraded;
  /* BOOL. StopWhenFull is set and the log cannot record: stop the machine. */
  uint8_t Stopped;
  uint8_t reserved_2[2];

  /* ---- Private ---- */
  /* the handle that this block has taken; 0: none */
  uint32_t held;
  /* LogId that it was taken with */
  uint16_t held_log;
  /* TaskId that it was taken with */
  uint16_t held_task;
  /* off, valid or failed */
  uint8_t phase;
  uint8_t reserved_3[7];
} cairn_fb_log_t;
void cairn_fb_log(cairn_fb_log_t* self);

/** CAIRN_Append, Execute. Records one value at each rising edge of Execute. */
typedef struct cairn_fb_append_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* LREAL. The reading. */
  double Value;
  /* ULINT [ms since 1970]. When it was taken. 0: now, by the log's clock. */
  uint64_t UnixMs;
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* UDINT. Number of the measured quantity. */
  uint32_t Channel;
  /* WORD. 0: good; otherwise your code. */
  uint16_t Quality;
  /* BOOL. A rising edge starts a request; the other inputs count at that edge. */
  uint8_t Execute;
  /* BYTE. Done when the record is 0 queued, 1 durable, 2 under a signed head, 3 confirmed by a
   * receiver. */
  uint8_t Level;
  uint8_t reserved_1[4];

  /* ---- Outputs ---- */
  /* ULINT. Its place in the log, for levels from 1; 0: not known. */
  uint64_t Index;
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* BOOL. The request is finished. */
  uint8_t Done;
  /* BOOL. The request is being worked on. */
  uint8_t Busy;
  /* BOOL. The request failed; ErrorID says why. */
  uint8_t Error;
  uint8_t reserved_2[1];

  /* ---- Private ---- */
  cairn_plc_request request;
} cairn_fb_append_t;
void cairn_fb_append(cairn_fb_append_t* self);

/** CAIRN_Sample, Enable. Records a value when it changes, in regular intervals, or at a trigger. */
typedef struct cairn_fb_sample_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* LREAL. The reading. */
  double Value;
  /* LREAL. Recorded when it differs by more from the last recorded one. 0: at every interval. */
  double Deadband;
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* UDINT. Number of the measured quantity. */
  uint32_t Channel;
  /* UDINT [ms]. The value is looked at so often. 0: in every call. */
  uint32_t IntervalMs;
  /* UDINT [ms]. Recorded at least so often, changed or not. 0: no. */
  uint32_t HeartbeatMs;
  /* WORD. 0: good; otherwise your code. A change is recorded at once. */
  uint16_t Quality;
  /* BOOL. The block works while this is TRUE. */
  uint8_t Enable;
  /* BOOL. A rising edge records at once. */
  uint8_t Trigger;
  uint8_t reserved_1[4];

  /* ---- Outputs ---- */
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* UDINT [records]. Recorded since Enable rose. */
  uint32_t Count;
  /* BOOL. The block works, and its outputs are up to date. */
  uint8_t Valid;
  /* BOOL. The block is starting. */
  uint8_t Busy;
  /* BOOL. The block does not work; ErrorID says why. It goes on by itself where it can. */
  uint8_t Error;
  uint8_t reserved_2[5];

  /* ---- Private ---- */
  /* recorded */
  double last_value;
  /* when the value was last looked at */
  uint64_t looked_ms;
  /* when it was last recorded */
  uint64_t recorded_ms;
  /* recorded */
  uint16_t last_quality;
  /* Trigger in the call before */
  uint8_t triggered;
  /* a first record was made */
  uint8_t started;
  uint8_t reserved_3[4];
} cairn_fb_sample_t;
void cairn_fb_sample(cairn_fb_sample_t* self);

/** CAIRN_Event, Execute. Records an event, with the fields that IEC 62443-4-2 CR 2.8 asks for. */
typedef struct cairn_fb_event_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* LREAL. Before; a change must not hide it. */
  double OldValue;
  /* LREAL. After. */
  double NewValue;
  /* ULINT [ms since 1970]. When. 0: now, by the log's clock. */
  uint64_t UnixMs;
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* UDINT. Your number of what happened. */
  uint32_t EventId;
  /* UDINT. Who did it; 0: nobody, or not known. */
  uint32_t UserId;
  /* UDINT. Channel or part of the machine that it concerns. */
  uint32_t Source;
  /* BOOL. A rising edge starts a request; the other inputs count at that edge. */
  uint8_t Execute;
  /* BYTE. 0 other, 1 access control, 2 request error, 3 control system, 4 backup and restore, 5
   * configuration change, 6 audit log, 7 time. */
  uint8_t Category;
  /* BYTE. 0 success, 1 failure, 2 denied. */
  uint8_t Result;
  /* BYTE. As of CAIRN_Append. */
  uint8_t Level;
  uint8_t reserved_1[4];

  /* ---- Outputs ---- */
  /* ULINT. Its place in the log, for levels from 1; 0: not known. */
  uint64_t Index;
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* BOOL. The request is finished. */
  uint8_t Done;
  /* BOOL. The request is being worked on. */
  uint8_t Busy;
  /* BOOL. The request failed; ErrorID says why. */
  uint8_t Error;
  uint8_t reserved_2[1];

  /* ---- Private ---- */
  cairn_plc_request request;
} cairn_fb_event_t;
void cairn_fb_event(cairn_fb_event_t* self);

/** CAIRN_Correct, Execute. Records that an earlier value was wrong. The earlier record stays as
 * it is. */
typedef struct cairn_fb_correct_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* ULINT. Place in the log of the record that was wrong. */
  uint64_t Corrects;
  /* LREAL. As it was recorded. */
  double OldValue;
  /* LREAL. As it should have been. */
  double NewValue;
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* UDINT. Of the value. */
  uint32_t Channel;
  /* UDINT. Who corrects it. */
  uint32_t UserId;
  /* UDINT. Your number of why. */
  uint32_t Reason;
  /* BOOL. A rising edge starts a request; the other inputs count at that edge. */
  uint8_t Execute;
  /* BYTE. As of CAIRN_Append. */
  uint8_t Level;
  uint8_t reserved_1[6];

  /* ---- Outputs ---- */
  /* ULINT. Its place in the log, for levels from 1; 0: not known. */
  uint64_t Index;
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* BOOL. The request is finished. */
  uint8_t Done;
  /* BOOL. The request is being worked on. */
  uint8_t Busy;
  /* BOOL. The request failed; ErrorID says why. */
  uint8_t Error;
  uint8_t reserved_2[1];

  /* ---- Private ---- */
  cairn_plc_request request;
} cairn_fb_correct_t;
void cairn_fb_correct(cairn_fb_correct_t* self);

/** CAIRN_Edge, Enable. Records every edge of a signal: a door, a seal, a bypass switch. The first
 * call records its state. */
typedef struct cairn_fb_edge_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* UDINT. Your number of this signal. */
  uint32_t EventId;
  /* UDINT. Channel or part of the machine that it concerns. */
  uint32_t Source;
  /* BOOL. The block works while this is TRUE. */
  uint8_t Enable;
  /* BOOL. The signal. */
  uint8_t Signal;
  uint8_t reserved_1[2];

  /* ---- Outputs ---- */
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* UDINT. Edges to TRUE since Enable rose. */
  uint32_t Rises;
  /* UDINT. Edges to FALSE since Enable rose. */
  uint32_t Falls;
  /* BOOL. The block works, and its outputs are up to date. */
  uint8_t Valid;
  /* BOOL. The block is starting. */
  uint8_t Busy;
  /* BOOL. The block does not work; ErrorID says why. It goes on by itself where it can. */
  uint8_t Error;
  uint8_t reserved_2[1];

  /* ---- Private ---- */
  /* state that was recorded */
  uint8_t last;
  /* a first record was made */
  uint8_t started;
  uint8_t reserved_3[6];
} cairn_fb_edge_t;
void cairn_fb_edge(cairn_fb_edge_t* self);

/** CAIRN_Seal, Execute. Closes the batch behind everything this task has queued, and has its head
 * signed. */
typedef struct cairn_fb_seal_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* BOOL. A rising edge starts a request; the other inputs count at that edge. */
  uint8_t Execute;
  uint8_t reserved_1[3];

  /* ---- Outputs ---- */
  /* ULINT [records]. Of the log under the signed head. */
  uint64_t Size;
  /* LWORD. The root hash that was signed: bytes 0 to 7, the first the most significant, */
  uint64_t Root0;
  /* LWORD. 8 to 15, */
  uint64_t Root1;
  /* LWORD. 16 to 23, */
  uint64_t Root2;
  /* LWORD. 24 to 31. */
  uint64_t Root3;
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* UDINT. Batches that have been sealed, this one included. */
  uint32_t BatchNo;
  /* UDINT [records]. Records that this call sealed, with those that cairn adds; 0: the newest
   * head covered all. */
  uint32_t Count;
  /* BOOL. The request is finished. */
  uint8_t Done;
  /* BOOL. The request is being worked on. */
  uint8_t Busy;
  /* BOOL. The request failed; ErrorID says why. */
  uint8_t Error;
  uint8_t reserved_2[1];

  /* ---- Private ---- */
  cairn_plc_request request;
} cairn_fb_seal_t;
void cairn_fb_seal(cairn_fb_seal_t* self);

/** CAIRN_Verify, Execute. Reads the log back, from the oldest record that it holds to the newest
 * signed head, and checks that the records lead to exactly that head and its signature. In a log
 * that is pumped inline it answers NOT_INLINE. */
typedef struct cairn_fb_verify_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* BOOL. A rising edge starts a request; the other inputs count at that edge. */
  uint8_t Execute;
  uint8_t reserved_1[3];

  /* ---- Outputs ---- */
  /* ULINT. With Done and not Intact: the first record that cannot be read; 0: all can be read,
   * but they are not those that were signed. */
  uint64_t FirstBad;
  /* ULINT [records]. Read so far. */
  uint64_t Checked;
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* UINT [0.1 %]. Of the work. */
  uint16_t Progress;
  /* BOOL. The request is finished. */
  uint8_t Done;
  /* BOOL. The request is being worked on. */
  uint8_t Busy;
  /* BOOL. The request failed; ErrorID says why. */
  uint8_t Error;
  /* BOOL. With Done: every record is there and as it was signed. */
  uint8_t Intact;
  uint8_t reserved_2[6];

  /* ---- Private ---- */
  cairn_plc_request request;
} cairn_fb_verify_t;
void cairn_fb_verify(cairn_fb_verify_t* self);

/** CAIRN_Anchor, Enable. Hands out the newest signed head in frames of 48 bytes for a narrow link
 * such as LoRaWAN. */
typedef struct cairn_fb_anchor_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* UINT. Most frames in an hour. 0: no limit. */
  uint16_t MaxPerHour;
  /* BOOL. The block works while this is TRUE. */
  uint8_t Enable;
  /* BOOL. The link can take a frame. */
  uint8_t LinkUp;
  /* BOOL. A rising edge: the frame that is shown has been received. */
  uint8_t FrameAck;
  uint8_t reserved_1[7];

  /* ---- Outputs ---- */
  /* ULINT [records]. Records under the newest head of which all frames were acknowledged. */
  uint64_t AckSize;
  /* ULINT [records]. Signed records that no acknowledged head covers yet. */
  uint64_t Outstanding;
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* DWORD. Bytes 0 to 3 of the frame, the first the most significant. */
  uint32_t W0;
  /* DWORD. Bytes 4 to 7. */
  uint32_t W1;
  /* DWORD. Bytes 8 to 11. */
  uint32_t W2;
  /* DWORD. Bytes 12 to 15. */
  uint32_t W3;
  /* DWORD. Bytes 16 to 19. */
  uint32_t W4;
  /* DWORD. Bytes 20 to 23. */
  uint32_t W5;
  /* DWORD. Bytes 24 to 27. */
  uint32_t W6;
  /* DWORD. Bytes 28 to 31. */
  uint32_t W7;
  /* DWORD. Bytes 32 to 35. */
  uint32_t W8;
  /* DWORD. Bytes 36 to 39. */
  uint32_t W9;
  /* DWORD. Bytes 40 to 43. */
  uint32_t W10;
  /* DWORD. Bytes 44 to 47. */
  uint32_t W11;
  /* BOOL. The block works, and its outputs are up to date. */
  uint8_t Valid;
  /* BOOL. The block is starting. */
  uint8_t Busy;
  /* BOOL. The block does not work; ErrorID says why. It goes on by itself where it can. */
  uint8_t Error;
  /* BOOL. W0 to W11 hold a frame to send. */
  uint8_t FrameReady;
  /* USINT. Which frame of the head, from 1, */
  uint8_t Part;
  /* USINT. of so many. */
  uint8_t Parts;
  uint8_t reserved_2[6];

  /* ---- Private ---- */
  /* when the last frame was shown */
  uint64_t sent_ms;
  /* of the head that is being sent */
  uint64_t size;
  /* of that head, as it travels */
  uint8_t bytes[120];
  /* used of them */
  uint8_t byte_count;
  /* FrameAck in the call before */
  uint8_t acked;
  /* a frame has been shown since Enable rose */
  uint8_t started;
  uint8_t reserved_3[5];
} cairn_fb_anchor_t;
void cairn_fb_anchor(cairn_fb_anchor_t* self);

/** CAIRN_SetTime, Execute. Sets the log's clock. What set it and by how much it was stepped is
 * recorded. */
typedef struct cairn_fb_settime_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* ULINT [ms since 1970]. The time now. */
  uint64_t UnixMs;
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* UDINT [ms]. How far it may be off. */
  uint32_t UncertaintyMs;
  /* BOOL. A rising edge starts a request; the other inputs count at that edge. */
  uint8_t Execute;
  /* BYTE. 0 not known, 1 an operator, 2 unauthenticated network, 3 authenticated network, 4
   * satellite, 5 radio clock. */
  uint8_t Source;
  uint8_t reserved_1[6];

  /* ---- Outputs ---- */
  /* LINT [ms]. New time less the clock's before; 0 when it was not set. */
  int64_t StepMs;
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* BOOL. The request is finished. */
  uint8_t Done;
  /* BOOL. The request is being worked on. */
  uint8_t Busy;
  /* BOOL. The request failed; ErrorID says why. */
  uint8_t Error;
  uint8_t reserved_2[1];

  /* ---- Private ---- */
  cairn_plc_request request;
} cairn_fb_settime_t;
void cairn_fb_settime(cairn_fb_settime_t* self);

/** CAIRN_Status, Enable. Shows what is known about a log. */
typedef struct cairn_fb_status_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* BOOL. The block works while this is TRUE. */
  uint8_t Enable;
  uint8_t reserved_1[3];

  /* ---- Outputs ---- */
  /* ULINT [ms since 1970]. The log's clock at this task's scan; 0: not set. */
  uint64_t UnixMs;
  /* ULINT [records]. Under the newest signed head, */
  uint64_t HeadSize;
  /* LWORD. and its root hash: bytes 0 to 7, the first the most significant, */
  uint64_t Head0;
  /* LWORD. 8 to 15, */
  uint64_t Head1;
  /* LWORD. 16 to 23, */
  uint64_t Head2;
  /* LWORD. 24 to 31. */
  uint64_t Head3;
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* UDINT. Starts of the log so far; one in which nothing was recorded is counted once with the
   * next. */
  uint32_t BootCount;
  /* UDINT [bytes]. Of an interrupted write that the last start discarded; not 0: power was lost
   * in the middle of one. */
  uint32_t TornBytes;
  /* DWORD. ErrorID of the last failure of the log, or 0. */
  uint32_t LastError;
  /* UDINT. Failures since the start. */
  uint32_t Failures;
  /* UDINT. Times that the clock was set since the start. */
  uint32_t ClockSteps;
  /* DWORD. Key id of the log's key, as in signed notes. */
  uint32_t KeyId;
  /* BOOL. The block works, and its outputs are up to date. */
  uint8_t Valid;
  /* BOOL. The block is starting. */
  uint8_t Busy;
  /* BOOL. The block does not work; ErrorID says why. It goes on by itself where it can. */
  uint8_t Error;
  /* BYTE. 0 not set, 1 set by an untrusted source, 2 by a trusted one. */
  uint8_t ClockQuality;
} cairn_fb_status_t;
void cairn_fb_status(cairn_fb_status_t* self);

/** CAIRN_Retain8, Enable. Eight retained values that survive torn writes, and show whether they
 * were changed behind the program's back. Their log must keep retained values; see the port. In
 * a log that is pumped inline it answers NOT_INLINE. */
typedef struct cairn_fb_retain8_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* LREAL. The values: recorded when one of them changes. */
  double V0;
  /* LREAL. Second value. */
  double V1;
  /* LREAL. Third value. */
  double V2;
  /* LREAL. Fourth value. */
  double V3;
  /* LREAL. Fifth value. */
  double V4;
  /* LREAL. Sixth value. */
  double V5;
  /* LREAL. Seventh value. */
  double V6;
  /* LREAL. Eighth value. */
  double V7;
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* UINT. Which group of eight, from 0. */
  uint16_t Slot;
  /* BOOL. The block works while this is TRUE. */
  uint8_t Enable;
  /* BOOL. A rising edge puts the stored values in R0 to R7. */
  uint8_t Restore;

  /* ---- Outputs ---- */
  /* LREAL. Restored first value. */
  double R0;
  /* LREAL. Second. */
  double R1;
  /* LREAL. Third. */
  double R2;
  /* LREAL. Fourth. */
  double R3;
  /* LREAL. Fifth. */
  double R4;
  /* LREAL. Sixth. */
  double R5;
  /* LREAL. Seventh. */
  double R6;
  /* LREAL. Eighth. */
  double R7;
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* UDINT. Of the stored values: counts every change; 0: none are stored. */
  uint32_t Version;
  /* BOOL. The block works, and its outputs are up to date. */
  uint8_t Valid;
  /* BOOL. The block is starting. */
  uint8_t Busy;
  /* BOOL. The block does not work; ErrorID says why. It goes on by itself where it can. */
  uint8_t Error;
  /* BOOL. R0 to R7 hold stored values. */
  uint8_t Restored;
  /* BOOL. The restored values stand under a verified signed head. FALSE: power was lost before
   * they were signed. */
  uint8_t Signed;
  /* BOOL. The log does not lead to its signed head: do not use the values. */
  uint8_t Tampered;
  uint8_t reserved_1[2];

  /* ---- Private ---- */
  cairn_plc_request request;
  /* values that were queued */
  double kept[8];
  /* Restore in the call before */
  uint8_t restoring;
  /* the values of the first call since Enable rose are known */
  uint8_t started;
  /* what was queued came to nothing */
  uint8_t unsaved;
  uint8_t reserved_2[5];
} cairn_fb_retain8_t;
void cairn_fb_retain8(cairn_fb_retain8_t* self);

/** CAIRN_Command, Execute. Takes one signature for a set-point. It takes effect when enough
 * authorised keys have signed the same values, in order and within their time; accepted or
 * refused, it is on the log first. In a log that is pumped inline it answers NOT_INLINE. */
typedef struct cairn_fb_command_t {
  /* sizeof this struct, or 0; any other number is answered with STRUCT_SIZE */
  uint32_t struct_size;
  uint8_t reserved_0[4];

  /* ---- Inputs ---- */
  /* LREAL. That it is to have. */
  double Value;
  /* ULINT. Number of the command: above that of the last one that took effect on this channel. */
  uint64_t Sequence;
  /* ULINT [ms since 1970]. Earliest time. */
  uint64_t NotBeforeMs;
  /* ULINT [ms since 1970]. Latest time. */
  uint64_t NotAfterMs;
  /* LWORD. The signature: bytes 0 to 7, the first the most significant. */
  uint64_t S0;
  /* LWORD. Bytes 8 to 15. */
  uint64_t S1;
  /* LWORD. Bytes 16 to 23. */
  uint64_t S2;
  /* LWORD. Bytes 24 to 31. */
  uint64_t S3;
  /* LWORD. Bytes 32 to 39. */
  uint64_t S4;
  /* LWORD. Bytes 40 to 47. */
  uint64_t S5;
  /* LWORD. Bytes 48 to 55. */
  uint64_t S6;
  /* LWORD. Bytes 56 to 63. */
  uint64_t S7;
  /* UDINT. From CAIRN_Log of this task. */
  uint32_t Handle;
  /* UDINT. The set-point. */
  uint32_t Channel;
  /* BOOL. A rising edge starts a request; the other inputs count at that edge. */
  uint8_t Execute;
  /* USINT. Which of the authorised keys signed, from 0. */
  uint8_t KeyNumber;
  uint8_t reserved_1[6];

  /* ---- Outputs ---- */
  /* LREAL. Value in force on this channel, when InForce is not 0. */
  double Setpoint;
  /* ULINT. Number of the command that set it; 0: none. */
  uint64_t InForce;
  /* DWORD. 0, or the reason. */
  uint32_t ErrorID;
  /* BOOL. The request is finished. */
  uint8_t Done;
  /* BOOL. The request is being worked on. */
  uint8_t Busy;
  /* BOOL. The request failed; ErrorID says why. */
  uint8_t Error;
  /* BOOL. With Done: this was the last signature that was needed, and Setpoint has the new
   * value. */
  uint8_t Applied;
  /* USINT. Collected for this command, */
  uint8_t Signatures;
  /* USINT. of so many. */
  uint8_t Needed;
  uint8_t reserved_2[6];

  /* ---- Private ---- */
  cairn_plc_request request;
} cairn_fb_command_t;
void cairn_fb_command(cairn_fb_command_t* self);

#ifdef __cplusplus
}
#endif

#endif
