/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "daemon/lan_doors.h"

#include "daemon/base/log.h"
#include "daemon/base/str.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define TICK_MS	       UINT64_C(60000)
#define INTERFACES_MAX 32

/* ---- by what names officers may call the box --------------------------------------------------
 */

static void add_own_name(struct tls_hosts *hosts)
{
	char name[TLS_HOST_BYTES - 8] = "", local[TLS_HOST_BYTES];

	if (gethostname(name, sizeof(name) - 1) != 0 || !name[0])
		return;
	tls_hosts_add(hosts, name);
	if (strchr(name, '.'))
		return;
	/* What a system with mDNS finds it by. */
	snprintf(local, sizeof(local), "%s.local", name);
	tls_hosts_add(hosts, local);
}

/* Those of the network cards, IPv4: asking for the others wants a kind of socket that the service
 * may not open. A modem's changing address is of no use to officers. */
static void add_addresses(struct tls_hosts *hosts)
{
	struct ifreq rows[INTERFACES_MAX];
	struct ifconf all = {.ifc_len = sizeof(rows), .ifc_req = rows};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char text[INET_ADDRSTRLEN];
	struct ifreq flags;

	if (fd < 0)
		return;
	if (ioctl(fd, SIOCGIFCONF, &all) != 0)
		all.ifc_len = 0;
	for (size_t i = 0; i < (size_t)all.ifc_len / sizeof(rows[0]); i++) {
		struct sockaddr_in four;

		memcpy(&four, &rows[i].ifr_addr, sizeof(four));
		memcpy(flags.ifr_name, rows[i].ifr_name, sizeof(flags.ifr_name));
		if (four.sin_family != AF_INET || ioctl(fd, SIOCGIFFLAGS, &flags) != 0 ||
			flags.ifr_flags & IFF_POINTOPOINT)
			continue;
		if (inet_ntop(AF_INET, &four.sin_addr, text, sizeof(text)))
			tls_hosts_add(hosts, text);
	}
	close(fd);
}

static void add_listen_address(struct tls_hosts *hosts, const char *listen)
{
	const char *begin = listen + (listen[0] == '['), *end = strrchr(listen, ':');
	char address[INET6_ADDRSTRLEN];
	size_t len = (size_t)(end - begin);

	len -= len && begin[len - 1] == ']';
	if (len >= sizeof(address))
		return;
	memcpy(address, begin, len);
	address[len] = 0;
	if (str_eq(address, "0.0.0.0") || str_eq(address, "::"))
		add_addresses(hosts);
	else
		tls_hosts_add(hosts, address);
}

static void find_hosts(struct lan_doors *doors)
{
	doors->hosts.count = 0;
	add_own_name(&doors->hosts);
	for (int i = 0; i < doors->config->host_count; i++)
		tls_hosts_add(&doors->hosts, doors->config->hosts[i]);
	tls_hosts_add(&doors->hosts, "localhost");
	add_listen_address(&doors->hosts, doors->config->listen);
}

/* ---- opening ----------------------------------------------------------------------------------
 */

static enum err open_tls(struct lan_doors *doors, struct errbuf *eb)
{
	find_hosts(doors);
	return tls_open(&(struct tls_options){.clock = store_clock(doors->api.store),
				.folder = doors->folder,
				.certificate = doors->config->certificate,
				.key = doors->config->key,
				.hosts = &doors->hosts},
		&doors->tls, eb);
}

/* Without it the API answers all the same. */
static void open_site(struct lan_doors *doors)
{
	struct errbuf eb = {0};

	if (site_open(doors->config->console_dir, doors->api.store, &doors->site, &eb))
		log_warn("lan", "page=missing detail=\"%s\"", eb.text);
	else
		log_info("lan", "page=loaded files=%d", site_count(doors->site));
}

static enum err open_lan(struct lan_doors *doors, struct errbuf *eb)
{
	struct http_options options = doors->api;

	options.socket_path = "";
	options.listen = doors->config->listen;
	options.tls = doors->tls;
	options.site = doors->site;
	options.hosts = &doors->hosts;
	return http_open(&options, &doors->lan, eb);
}

static enum err open_redirect(struct lan_doors *doors, struct errbuf *eb)
{
	struct http_options options = {.loop = doors->api.loop,
		.store = doors->api.store,
		.socket_path = "",
		.listen = doors->config->redirect,
		.redirect_port = http_port(doors->lan),
		.hosts = &doors->hosts};

	return http_open(&options, &doors->redirect, eb);
}

static void try(struct lan_doors *doors)
{
	struct errbuf eb = {0};
	enum err err = ERR_OK;

	if (!doors->tls)
		err = open_tls(doors, &eb);
	else
		tls_tick(doors->tls);
	if (!err && !doors->lan)
		err = open_lan(doors, &eb);
	if (!err && !doors->redirect && doors->config->redirect[0])
		err = open_redirect(doors, &eb);
	if (!err)
		eb = (struct errbuf){0}; /* what went well in the end */
	else if (!eb.text[0])
		errbuf_kind(&eb, err);
	/* Said when it changes, not every minute. */
	if (err && !str_eq(eb.text, doors->error.text))
		log_error("lan", "state=down at=%s detail=\"%s\"", doors->config->listen, eb.text);
	doors->error = eb;
}

static void timer_done(uv_timer_t *timer)
{
	try(timer->data);
}

enum err lan_doors_open(struct lan_doors *doors, const struct http_options *api,
	const struct config *config, struct errbuf *eb)
{
	const char *slash = strrchr(config->store_path, '/');

	*doors = (struct lan_doors){.config = &config->lan, .api = *api};
	if (!config->lan.listen[0])
		return ERR_OK;
	snprintf(doors->folder, sizeof(doors->folder), "%.*s",
		slash ? (int)(slash - config->store_path) : 1, slash ? config->store_path : ".");
	if (uv_timer_init(api->loop, &doors->timer))
		return errbuf_set(eb, ERR_NOMEM, "lan: out of memory");
	doors->is_open = true;
	doors->timer.data = doors;
	uv_timer_start(&doors->timer, timer_done, TICK_MS, TICK_MS);
	open_site(doors);
	try(doors);
	return ERR_OK;
}

json_t *lan_doors_status(const struct lan_doors *doors)
{
	const char *listen = doors->config->listen;
	char at[sizeof(doors->config->listen) + 8];
	int port = doors->lan ? http_port(doors->lan) : 0;

	if (!doors->is_open)
		return json_null();
	/* With the port that was free. */
	snprintf(at, sizeof(at), "%s", listen);
	if (port)
		snprintf(at, sizeof(at), "%.*s:%d", (int)(strrchr(listen, ':') - listen), listen,
			port);
	return json_pack("{s:s, s:s, s:i, s:i, s:s, s:b, s:o}", "listen", at, "state",
		doors->lan ? "open" : "down", "port", port, "redirect_port",
		doors->redirect ? http_port(doors->redirect) : 0, "error", doors->error.text,
		"has_page", doors->site != NULL, "certificate",
		doors->tls ? tls_json(doors->tls) : json_null());
}

/* ---- closing ----------------------------------------------------------------------------------
 */

static void part_closed(void *arg)
{
	struct lan_doors *doors = arg;

	if (--doors->closing)
		return;
	tls_close(doors->tls);
	site_close(doors->site);
	doors->tls = NULL;
	doors->site = NULL;
	doors->is_open = false;
	doors->close_cb(doors->close_arg);
}

static void timer_closed(uv_handle_t *handle)
{
	part_closed(handle->data);
}

void lan_doors_close(struct lan_doors *doors, void (*cb)(void *arg), void *arg)
{
	doors->close_cb = cb;
	doors->close_arg = arg;
	doors->closing = 1 + (doors->lan != NULL) + (doors->redirect != NULL);
	if (doors->lan)
		http_close(doors->lan, part_closed, doors);
	if (doors->redirect)
		http_close(doors->redirect, part_closed, doors);
	doors->lan = doors->redirect = NULL;
	uv_close((uv_handle_t *)&doors->timer, timer_closed);
}
