/* The device that every image of this folder is: memory that stands in for flash, no clock. Linked
 * into the empty image too, so that it weighs nothing in what is counted. */
#ifndef CAIRN_SIZE_DEVICE_H
#define CAIRN_SIZE_DEVICE_H

#include <cairn/cairn.h>

#define DEVICE_SEGMENT_BYTES 3072
#define DEVICE_SEGMENTS 2

extern const cairn_flash device_flash;
extern const cairn_platform device_platform;
/* What a narrow link would carry away; volatile, so that nothing is optimised out. */
extern volatile uint32_t device_sink;

/* The name of this image's log, and the records that it takes. */
#define DEVICE_ORIGIN "example.com/press-7"
#define DEVICE_RECORD_BYTES 32
extern const uint8_t device_record[DEVICE_RECORD_BYTES];

/* The signer of the image: by a cryptographic library, or one that signs nothing. */
int device_signer(cairn_signer* out);

#endif
