#pragma once
#include <fcntl.h>
#include <spawn.h>

// Of glibc since 2.34, behind a feature macro that the Swift overlay is built without.

extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);

static inline int ashlar_spawn_chdir(posix_spawn_file_actions_t *actions, const char *path) {
    return posix_spawn_file_actions_addchdir_np(actions, path);
}

static inline int ashlar_spawn_closefrom(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

extern int pipe2(int[2], int);

// Closed in every child that is started, at whatever moment.
static inline int ashlar_pipe(int *ends) {
    return pipe2(ends, O_CLOEXEC);
}
