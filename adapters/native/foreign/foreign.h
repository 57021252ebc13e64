#include <stdint.h>

// What C writes into a log itself; what is noted is never negative.
enum { foreign_call = -1, foreign_back = -2 };

typedef struct foreign_thread foreign_thread;

// foreign_start makes a thread, which is idle; NULL where the system has none left.
foreign_thread *foreign_start(void);

// foreign_run has the thread call a Go function in, and returns once the thread has control back. One at a time.
void foreign_run(foreign_thread *t, uintptr_t code);

// foreign_inside calls a Go function in on the thread that calls.
void foreign_inside(uintptr_t code);

// foreign_note writes into the log of a thread, foreign_count is how much is in it, and foreign_read copies so much of it.
void foreign_note(foreign_thread *t, int32_t note);
long foreign_count(foreign_thread *t);
void foreign_read(foreign_thread *t, int32_t *into, long count);

// foreign_end ends a thread once it is idle, waits for that, and frees it.
void foreign_end(foreign_thread *t);
