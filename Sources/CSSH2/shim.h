#include <libssh2.h>
// What the event thread needs and the Glibc module leaves out.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

// libssh2 takes its I/O callbacks as `void *`, which Swift cannot make of a function.
typedef ssize_t (*ashlar_ssh2_send)(libssh2_socket_t socket, const void *bytes, size_t count, int flags, void **abstract);
typedef ssize_t (*ashlar_ssh2_receive)(libssh2_socket_t socket, void *bytes, size_t count, int flags, void **abstract);

static inline void ashlar_ssh2_set_io(LIBSSH2_SESSION *session, ashlar_ssh2_send send, ashlar_ssh2_receive receive) {
    libssh2_session_callback_set(session, LIBSSH2_CALLBACK_SEND, (void *)send);
    libssh2_session_callback_set(session, LIBSSH2_CALLBACK_RECV, (void *)receive);
}

// Variadic, so that Swift does not see it.
static inline void ashlar_name_thread(const char *name) {
    prctl(PR_SET_NAME, (unsigned long)name, 0, 0, 0);
}
