//go:build cgo && linux

#include "foreign.h"
#include <pthread.h>
#include <stdlib.h>

extern void mpcheckForeignEnter(uintptr_t code);

struct foreign_thread {
	pthread_t thread;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	uintptr_t code; // what it is to call in, 0 while it is idle
	int ends;
	int32_t *log;
	long count, room;
};

// add writes into the log; the mutex is held.
static void add(foreign_thread *t, int32_t entry) {
	if (t->count == t->room) {
		t->room = t->room ? 2 * t->room : 16;
		t->log = realloc(t->log, t->room * sizeof *t->log);
		if (!t->log)
			abort();
	}
	t->log[t->count++] = entry;
}

static void *live(void *self) {
	foreign_thread *t = self;
	pthread_mutex_lock(&t->mutex);
	for (;;) {
		while (!t->code && !t->ends)
			pthread_cond_wait(&t->changed, &t->mutex);
		if (!t->code)
			break;
		uintptr_t code = t->code;
		add(t, foreign_call);
		pthread_mutex_unlock(&t->mutex);
		mpcheckForeignEnter(code);
		pthread_mutex_lock(&t->mutex);
		add(t, foreign_back);
		t->code = 0;
		pthread_cond_broadcast(&t->changed);
	}
	pthread_mutex_unlock(&t->mutex);
	return NULL;
}

foreign_thread *foreign_start(void) {
	foreign_thread *t = calloc(1, sizeof *t);
	if (!t)
		return NULL;
	pthread_mutex_init(&t->mutex, NULL);
	pthread_cond_init(&t->changed, NULL);
	if (pthread_create(&t->thread, NULL, live, t)) {
		free(t);
		return NULL;
	}
	return t;
}

void foreign_run(foreign_thread *t, uintptr_t code) {
	pthread_mutex_lock(&t->mutex);
	t->code = code;
	pthread_cond_broadcast(&t->changed);
	while (t->code)
		pthread_cond_wait(&t->changed, &t->mutex);
	pthread_mutex_unlock(&t->mutex);
}

void foreign_inside(uintptr_t code) { mpcheckForeignEnter(code); }

void foreign_note(foreign_thread *t, int32_t note) {
	pthread_mutex_lock(&t->mutex);
	add(t, note);
	pthread_mutex_unlock(&t->mutex);
}

long foreign_count(foreign_thread *t) {
	pthread_mutex_lock(&t->mutex);
	long count = t->count;
	pthread_mutex_unlock(&t->mutex);
	return count;
}

void foreign_read(foreign_thread *t, int32_t *into, long count) {
	pthread_mutex_lock(&t->mutex);
	for (long i = 0; i < count; i++)
		into[i] = t->log[i];
	pthread_mutex_unlock(&t->mutex);
}

void foreign_end(foreign_thread *t) {
	pthread_mutex_lock(&t->mutex);
	t->ends = 1;
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->mutex);
	pthread_join(t->thread, NULL);
	free(t->log);
	free(t);
}
