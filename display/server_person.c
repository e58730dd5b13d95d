/* server_person.c -- whom a client certificate names, as a proxy on this machine says.
 *
 * nginx has checked the certificate; here its name comes in a header, which whoever asks could
 * write. So it is believed only where the configuration says so, only from this machine, only
 * once in a request, and only for an operator of the account file.
 * SPDX-License-Identifier: Apache-2.0 */
#include "display/server_private.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

struct found {
    const char *wanted, *value;
    size_t count;
};

static enum MHD_Result look(void *context, enum MHD_ValueKind kind, const char *key,
                            const char *value)
{
    struct found *found = context;
    (void)kind;
    if (key && strcasecmp(key, found->wanted) == 0) {
        found->count++;
        found->value = value;
    }
    return MHD_YES;
}

bool wlk_server_is_loopback(const struct sockaddr *address)
{
    struct sockaddr_in in;
    if (!address || address->sa_family != AF_INET)
        return false;
    memcpy(&in, address, sizeof in);
    return ntohl(in.sin_addr.s_addr) >> 24 == 127;
}

wlk_status wlk_server_person(struct wlk_server *server, struct MHD_Connection *connection,
                             char name[WLK_OPERATOR_SIZE])
{
    struct found found = {.wanted = server->operator_header};
    if (!found.wanted[0] || !server->operators)
        return WLK_NOT_YET;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, look, &found);
    /* nginx sends an empty one where there is no certificate. */
    if (found.count == 0 || (found.count == 1 && (!found.value || !found.value[0])))
        return WLK_NOT_YET;
    const union MHD_ConnectionInfo *peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (found.count == 1 && found.value && peer && wlk_server_is_loopback(peer->client_addr) &&
        wlk_operators_named(server->operators, found.value, name))
        return WLK_OK;
    server->counts.strangers++;
    return WLK_BAD_INPUT;
}
