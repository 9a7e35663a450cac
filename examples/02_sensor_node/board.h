/* What the sensor node asks of its board. One file implements it for one board. */
#ifndef SENSOR_NODE_BOARD_H
#define SENSOR_NODE_BOARD_H

#include <cairn/cairn.h>

/* Starts clock and UART, and opens the flash: for a ring of segments that the log gets whole. */
int board_start(void);
const cairn_flash* board_flash(void);
const cairn_platform* board_platform(void);

/* One conversion of each input, in the converter's steps. */
uint16_t board_pressure(void);
uint16_t board_temperature(void);

/* Waits until the byte is on its way. */
void board_uart_write(uint8_t byte);
/* Returns the next byte that came in, or -1 when there is none. */
int board_uart_read(void);

/* The node's private key: where a product has a slot of PSA Crypto, or a secure element. */
int node_signer(cairn_signer* out);

#endif
