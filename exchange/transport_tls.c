/* transport_tls.c -- frames over mutual TLS 1.3 with OpenSSL 3.
 * SPDX-License-Identifier: Apache-2.0 */
#include "exchange/transport_tls.h"

#include "base/assert.h"
#include "exchange/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECEIVE_SIZE = 2 * (WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX) };

struct connection {
    struct wlk_transport face; /* first: a transport is its connection */
    struct wlk_tls *tls;
    SSL *ssl;
    int fd;
    bool is_used, is_connecting, is_open, is_closed;
    bool wants_write; /* OpenSSL waits for room in the socket */
    char reason[128];
    wlk_digest peer_key;  /* once open */
    size_t in_at, in_end; /* unread bytes of in[] */
    size_t out_at, out_end;
    uint8_t in[RECEIVE_SIZE];
    uint8_t out[WLK_TLS_SEND_SIZE];
};

struct wlk_tls {
    SSL_CTX *context;
    bool is_server;
    size_t pin_count;
    wlk_digest pin[WLK_TLS_PINS_MAX];
    size_t connections_max;
    struct connection *connection;
};

static struct connection *of(struct wlk_transport *transport)
{
    return (struct connection *)transport;
}

/* ---- contexts ---- */

static wlk_status complain(const char *path, wlk_status status, const char *rule,
                           struct wlk_fault *fault)
{
    char words[128] = "";
    unsigned long code = ERR_get_error();
    if (code)
        ERR_error_string_n(code, words, sizeof words);
    wlk_fault_set(fault, rule, "%s", words);
    if (fault)
        snprintf(fault->where, sizeof fault->where, "%.95s", path);
    ERR_clear_error();
    return status;
}

static wlk_status load(struct wlk_tls *tls, const struct wlk_tls_options *options,
                       struct wlk_fault *fault)
{
    struct stat key;
    if (stat(options->key_path, &key))
        return complain(options->key_path, WLK_IO, "key cannot be read", fault);
    if (key.st_mode & (S_IRWXG | S_IRWXO))
        return complain(options->key_path, WLK_BAD_INPUT,
                        "key can be read by others (chmod 600)", fault);
    if (SSL_CTX_load_verify_file(tls->context, options->authority_path) != 1)
        return complain(options->authority_path, WLK_BAD_INPUT, "not a CA certificate", fault);
    if (SSL_CTX_use_certificate_chain_file(tls->context, options->certificate_path) != 1)
        return complain(options->certificate_path, WLK_BAD_INPUT, "not a certificate", fault);
    if (SSL_CTX_use_PrivateKey_file(tls->context, options->key_path, SSL_FILETYPE_PEM) != 1 ||
        SSL_CTX_check_private_key(tls->context) != 1)
        return complain(options->key_path, WLK_BAD_INPUT,
                        "not a key, or not that of the certificate", fault);
    return WLK_OK;
}

wlk_status wlk_tls_open(const struct wlk_tls_options *options, struct wlk_tls **out,
                        struct wlk_fault *fault)
{
    WLK_ASSERT(options->pin_count <= WLK_TLS_PINS_MAX);
    struct wlk_tls *tls = calloc(1, sizeof *tls);
    if (!tls)
        return WLK_IO;
    signal(SIGPIPE, SIG_IGN); /* a peer that went away is a status */
    tls->is_server = options->is_server;
    tls->pin_count = options->pin_count;
    memcpy(tls->pin, options->pin, sizeof tls->pin);
    tls->connections_max = options->connections_max;
    tls->connection = calloc(options->connections_max, sizeof *tls->connection);
    tls->context = SSL_CTX_new(options->is_server ? TLS_server_method() : TLS_client_method());
    wlk_status status = tls->context && tls->connection ? WLK_OK : WLK_IO;
    if (status == WLK_OK && SSL_CTX_set_min_proto_version(tls->context, TLS1_3_VERSION) != 1)
        status = WLK_IO;
    if (status == WLK_OK) {
        SSL_CTX_set_verify(tls->context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT,
                           NULL);
        SSL_CTX_set_mode(tls->context,
                         SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
        SSL_CTX_set_read_ahead(tls->context, 1); /* one read for many records of TLS */
        SSL_CTX_set_num_tickets(tls->context, 0); /* no resumption: each peer is verified */
        SSL_CTX_set_session_cache_mode(tls->context, SSL_SESS_CACHE_OFF);
        status = load(tls, options, fault);
    }
    if (status != WLK_OK) {
        wlk_tls_close(tls);
        return status;
    }
    *out = tls;
    return WLK_OK;
}

void wlk_tls_close(struct wlk_tls *tls)
{
    if (!tls)
        return;
    SSL_CTX_free(tls->context);
    free(tls->connection);
    free(tls);
}

/* ---- one connection ---- */

static void fail(struct connection *connection, const char *reason)
{
    if (connection->is_closed)
        return;
    long verdict = SSL_get_verify_result(connection->ssl);
    unsigned long code = ERR_peek_error();
    char words[96] = "";
    if (verdict != X509_V_OK)
        snprintf(words, sizeof words, ": %s", X509_verify_cert_error_string(verdict));
    else if (code && ERR_reason_error_string(code))
        snprintf(words, sizeof words, ": %s", ERR_reason_error_string(code));
    snprintf(connection->reason, sizeof connection->reason, "%.30s%s", reason, words);
    ERR_clear_error();
    connection->is_closed = true;
    connection->is_open = false;
}

/* Sorts out a result <= 0 of OpenSSL. */
static void after(struct connection *connection, int result, const char *reason)
{
    int error = SSL_get_error(connection->ssl, result);
    connection->wants_write = error == SSL_ERROR_WANT_WRITE;
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
        return;
    fail(connection, error == SSL_ERROR_ZERO_RETURN ? "closed by the peer" : reason);
}

static bool is_pinned(struct connection *connection)
{
    const struct wlk_tls *tls = connection->tls;
    X509 *peer = SSL_get0_peer_certificate(connection->ssl);
    uint8_t *key = NULL;
    int size = peer ? i2d_X509_PUBKEY(X509_get_X509_PUBKEY(peer), &key) : -1;
    wlk_digest *digest = &connection->peer_key;
    bool is_read =
        size > 0 && EVP_Digest(key, (size_t)size, digest->bytes, NULL, EVP_sha256(), NULL) == 1;
    bool found = is_read && !tls->pin_count;
    for (size_t i = 0; is_read && i < tls->pin_count; i++)
        found = found || !memcmp(digest->bytes, tls->pin[i].bytes, sizeof digest->bytes);
    OPENSSL_free(key);
    return found;
}

static void open_further(struct connection *connection)
{
    if (connection->is_connecting) {
        struct pollfd ready = {connection->fd, POLLOUT, 0};
        int error = 0;
        socklen_t size = sizeof error;
        if (poll(&ready, 1, 0) == 0)
            return;
        if (getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &size) || error) {
            fail(connection, strerror(error));
            return;
        }
        connection->is_connecting = false;
    }
    ERR_clear_error();
    int result = SSL_do_handshake(connection->ssl);
    if (result != 1) {
        after(connection, result, "TLS refused");
        return;
    }
    connection->wants_write = false;
    if (!is_pinned(connection)) {
        fail(connection, "peer's key is not pinned");
        return;
    }
    connection->is_open = true;
}

static void flush(struct connection *connection)
{
    while (connection->is_open && connection->out_at < connection->out_end) {
        size_t written;
        ERR_clear_error();
        int result = SSL_write_ex(connection->ssl, connection->out + connection->out_at,
                                  connection->out_end - connection->out_at, &written);
        if (result != 1) {
            after(connection, result, "sending failed");
            return;
        }
        connection->wants_write = false;
        connection->out_at += written;
    }
    if (connection->out_at == connection->out_end)
        connection->out_at = connection->out_end = 0;
}

static enum wlk_transport_state tls_state(struct wlk_transport *transport)
{
    struct connection *connection = of(transport);
    if (!connection->is_closed && !connection->is_open)
        open_further(connection);
    if (connection->is_open)
        flush(connection);
    return connection->is_closed ? WLK_TRANSPORT_CLOSED
           : connection->is_open ? WLK_TRANSPORT_OPEN
                                 : WLK_TRANSPORT_OPENING;
}

static bool tls_has_room(const struct wlk_transport *transport)
{
    const struct connection *connection = (const struct connection *)transport;
    return sizeof connection->out - (connection->out_end - connection->out_at) >=
           WLK_FRAME_SIZE_MAX + WLK_FRAME_PREFIX;
}

static wlk_status tls_send(struct wlk_transport *transport, const uint8_t *bytes, size_t size)
{
    struct connection *connection = of(transport);
    if (connection->is_closed)
        return WLK_IO;
    if (!connection->is_open)
        return WLK_NOT_YET;
    if (sizeof connection->out - (connection->out_end - connection->out_at) < size)
        return WLK_FULL;
    if (sizeof connection->out - connection->out_end < size) {
        memmove(connection->out, connection->out + connection->out_at,
                connection->out_end - connection->out_at);
        connection->out_end -= connection->out_at;
        connection->out_at = 0;
    }
    memcpy(connection->out + connection->out_end, bytes, size);
    connection->out_end += size;
    if (!tls_has_room(transport))
        flush(connection);
    return WLK_OK;
}

/* Reads what there is, as far as in[] has room. */
static void fill(struct connection *connection)
{
    if (connection->in_at) {
        memmove(connection->in, connection->in + connection->in_at,
                connection->in_end - connection->in_at);
        connection->in_end -= connection->in_at;
        connection->in_at = 0;
    }
    while (connection->is_open && connection->in_end < sizeof connection->in) {
        size_t read;
        ERR_clear_error();
        int result = SSL_read_ex(connection->ssl, connection->in + connection->in_end,
                                 sizeof connection->in - connection->in_end, &read);
        if (result != 1) {
            after(connection, result, "receiving failed");
            return;
        }
        connection->in_end += read;
    }
}

static wlk_status tls_receive(struct wlk_transport *transport, const uint8_t **bytes,
                              size_t *size)
{
    struct connection *connection = of(transport);
    size_t length;
    for (int pass = 0; pass < 2; pass++) {
        wlk_status status = wlk_frame_scan(connection->in + connection->in_at,
                                           connection->in_end - connection->in_at, &length);
        if (status == WLK_OK) {
            *bytes = connection->in + connection->in_at + WLK_FRAME_PREFIX;
            *size = length;
            connection->in_at += WLK_FRAME_PREFIX + length;
            return WLK_OK;
        }
        if (status == WLK_BAD_INPUT)
            return status;
        if (pass == 0 && tls_state(transport) == WLK_TRANSPORT_OPEN)
            fill(connection);
    }
    return connection->is_closed ? WLK_IO : WLK_NOT_YET;
}

static void tls_close_connection(struct wlk_transport *transport)
{
    struct connection *connection = of(transport);
    if (connection->is_open)
        SSL_shutdown(connection->ssl); /* says goodbye; does not wait for the answer */
    ERR_clear_error();
    SSL_free(connection->ssl);
    close(connection->fd);
    connection->ssl = NULL;
    connection->is_used = false;
}

static const struct wlk_transport_calls tls_calls = {tls_send, tls_receive, tls_state,
                                                     tls_has_room, tls_close_connection};

/* ---- sockets ---- */

/* Makes a connection of a socket; closes the socket if it cannot. */
static wlk_status adopt(struct wlk_tls *tls, int fd, bool is_connecting,
                        struct wlk_transport **out)
{
    struct connection *connection = NULL;
    for (size_t i = 0; i < tls->connections_max && !connection; i++)
        if (!tls->connection[i].is_used)
            connection = &tls->connection[i];
    if (!connection) {
        close(fd);
        return WLK_FULL;
    }
    int one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    memset(connection, 0, offsetof(struct connection, in));
    connection->face.calls = &tls_calls;
    connection->tls = tls;
    connection->fd = fd;
    connection->is_connecting = is_connecting;
    connection->ssl = SSL_new(tls->context);
    if (!connection->ssl || SSL_set_fd(connection->ssl, fd) != 1) {
        SSL_free(connection->ssl);
        close(fd);
        return WLK_IO;
    }
    if (tls->is_server)
        SSL_set_accept_state(connection->ssl);
    else
        SSL_set_connect_state(connection->ssl);
    connection->is_used = true;
    *out = &connection->face;
    return WLK_OK;
}

static wlk_status resolve(const char *host, const char *port, struct addrinfo **out,
                          struct wlk_fault *fault)
{
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    int code = getaddrinfo(host, port, &hints, out);
    if (!code)
        return WLK_OK;
    wlk_fault_set(fault, "address is not known", "%s %s: %s", host, port, gai_strerror(code));
    return WLK_IO;
}

wlk_status wlk_tls_dial(struct wlk_tls *tls, const char *host, const char *port,
                        struct wlk_transport **out, struct wlk_fault *fault)
{
    struct addrinfo *address;
    WLK_TRY(resolve(host, port, &address, fault));
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int failed =
        fd < 0 || (connect(fd, address->ai_addr, address->ai_addrlen) && errno != EINPROGRESS);
    int saved = errno;
    freeaddrinfo(address);
    if (failed) {
        wlk_fault_set(fault, "cannot connect", "%s %s: %s", host, port, strerror(saved));
        if (fd >= 0)
            close(fd);
        return WLK_IO;
    }
    return adopt(tls, fd, true, out);
}

wlk_status wlk_tls_listen(const char *host, const char *port, int *descriptor,
                          struct wlk_fault *fault)
{
    enum { BACKLOG = 16 };
    struct addrinfo *address;
    WLK_TRY(resolve(host, port, &address, fault));
    int one = 1;
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int failed = fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
                 bind(fd, address->ai_addr, address->ai_addrlen) || listen(fd, BACKLOG);
    int saved = errno;
    freeaddrinfo(address);
    if (failed) {
        wlk_fault_set(fault, "cannot listen", "%s port %s: %s", host, port, strerror(saved));
        if (fd >= 0)
            close(fd);
        return WLK_IO;
    }
    *descriptor = fd;
    return WLK_OK;
}

wlk_status wlk_tls_accept(struct wlk_tls *tls, int descriptor, struct wlk_transport **out)
{
    int fd = accept4(descriptor, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return errno == EAGAIN || errno == EINTR || errno == ECONNABORTED ? WLK_NOT_YET
                                                                          : WLK_IO;
    return adopt(tls, fd, false, out);
}

int wlk_tls_descriptor(const struct wlk_transport *transport)
{
    return ((const struct connection *)transport)->fd;
}

short wlk_tls_wanted(const struct wlk_transport *transport)
{
    const struct connection *connection = (const struct connection *)transport;
    bool wants_out = connection->is_connecting || connection->wants_write ||
                     connection->out_at < connection->out_end;
    return (short)(POLLIN | (wants_out ? POLLOUT : 0));
}

void wlk_tls_peer_key(const struct wlk_transport *transport, wlk_digest *out)
{
    *out = ((const struct connection *)transport)->peer_key;
}

const char *wlk_tls_reason(const struct wlk_transport *transport)
{
    return ((const struct connection *)transport)->reason;
}
