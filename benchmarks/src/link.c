/*
 * A slow link between two network namespaces, in user space: a TUN device in each, and this program
 * between them. Every packet passes a limit for its TCP connection, loss, a bottleneck with a queue,
 * and a delay, in this order.
 *
 *   link NAMESPACE_A NAMESPACE_B RATE DELAY_US QUEUE CONNECTION_RATE LOSS_PPM SEED
 *
 * Rates are bytes a second, of IP packets; 0 is no limit. The queue is in bytes. Only what flows
 * from A to B, the way of the download, is lost or limited for each connection. The devices are
 * called "link" and have 10.77.0.1 and 10.77.0.2. Standard output tells every 50 ms what was
 * handed to B: milliseconds of CLOCK_MONOTONIC, bytes so far, packets that were dropped so far.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

enum { MTU = 1500, FLOWS = 1 << 16, RING = 1 << 14, TICK_NS = 200000, REPORT_NS = 50000000 };

typedef uint64_t ns;

typedef struct {
    ns due;
    uint64_t order; /* keeps packets of one moment in their order */
    uint16_t length;
    unsigned char bytes[MTU];
} packet;

/* One way through the link. */
typedef struct {
    int from, to;
    uint64_t rate, queue, flow_rate, flow_queue, loss_ppm;
    ns delay;
    ns free;             /* when the bottleneck has sent what it holds */
    ns flow_free[FLOWS]; /* the same for each connection's own limit */
    packet **waiting;    /* a heap by time: what the connections' limits hold back */
    size_t waiting_count, waiting_room;
    packet *flying[RING]; /* what is on its way; departures are in order, so arrivals are */
    size_t head, tail;
    uint64_t delivered, dropped, order;
} way;

static uint64_t seed;
static volatile sig_atomic_t stopped;

static void stop(int signal) {
    (void) signal;
    stopped = 1;
}

static void fail(const char *what) {
    fprintf(stderr, "link: %s: %s\n", what, strerror(errno));
    exit(1);
}

static ns now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (ns) t.tv_sec * 1000000000 + t.tv_nsec;
}

static uint64_t next_random(void) { /* xorshift64* */
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return seed * 2685821657736338717ULL;
}

static int before(const packet *a, const packet *b) {
    return a->due != b->due ? a->due < b->due : a->order < b->order;
}

static void push(way *w, packet *p) {
    if (w->waiting_count == w->waiting_room) {
        w->waiting_room = w->waiting_room ? 2 * w->waiting_room : 1024;
        w->waiting = realloc(w->waiting, w->waiting_room * sizeof(packet *));
        if (!w->waiting)
            fail("memory");
    }
    size_t i = w->waiting_count++;
    for (; i && before(p, w->waiting[(i - 1) / 2]); i = (i - 1) / 2)
        w->waiting[i] = w->waiting[(i - 1) / 2];
    w->waiting[i] = p;
}

static packet *pop(way *w) {
    packet *top = w->waiting[0], *last = w->waiting[--w->waiting_count];
    size_t i = 0;
    for (size_t child; (child = 2 * i + 1) < w->waiting_count; i = child) {
        if (child + 1 < w->waiting_count && before(w->waiting[child + 1], w->waiting[child]))
            child++;
        if (!before(w->waiting[child], last))
            break;
        w->waiting[i] = w->waiting[child];
    }
    w->waiting[i] = last;
    return top;
}

/* When a packet that comes at `at` has left a server of this rate; 0 if its queue is full. */
static ns depart(ns *free_at, ns at, uint64_t rate, uint64_t queue, uint64_t length) {
    if (!rate)
        return at;
    ns begin = *free_at > at ? *free_at : at;
    if ((begin - at) * rate / 1000000000 > queue)
        return 0;
    return *free_at = begin + length * 1000000000 / rate;
}

/* The connection's ports, of a TCP packet without IP options. */
static ns *flow_of(way *w, const packet *p) {
    unsigned hash = 0;
    if (p->bytes[0] == 0x45 && p->bytes[9] == 6 && p->length >= 40)
        hash = ((p->bytes[20] ^ p->bytes[22]) << 8 | (p->bytes[21] ^ p->bytes[23])) % FLOWS;
    return &w->flow_free[hash];
}

static void drop(way *w, packet *p) {
    w->dropped++;
    free(p);
}

static void enter(way *w, ns at) {
    for (;;) {
        packet *p = malloc(sizeof *p);
        if (!p)
            fail("memory");
        ssize_t length = read(w->from, p->bytes, MTU);
        if (length <= 0) {
            free(p);
            return;
        }
        p->length = length;
        p->order = w->order++;
        p->due = depart(flow_of(w, p), at, w->flow_rate, w->flow_queue, length);
        if (!p->due || p->bytes[0] >> 4 != 4 || next_random() % 1000000 < w->loss_ppm)
            drop(w, p);
        else
            push(w, p);
    }
}

static void cross(way *w) {
    packet *p = pop(w);
    ns left = depart(&w->free, p->due, w->rate, w->queue, p->length);
    if (!left || w->tail - w->head == RING) {
        drop(w, p);
        return;
    }
    p->due = left + w->delay;
    w->flying[w->tail++ % RING] = p;
}

static void arrive(way *w) {
    packet *p = w->flying[w->head++ % RING];
    if (write(w->to, p->bytes, p->length) == p->length)
        w->delivered += p->length;
    else
        w->dropped++;
    free(p);
}

/* Does what is due; returns when the next thing is. */
static ns advance(way *w, ns at) {
    while (w->waiting_count && w->waiting[0]->due <= at)
        cross(w);
    while (w->head != w->tail && w->flying[w->head % RING]->due <= at)
        arrive(w);
    ns next = UINT64_MAX;
    if (w->waiting_count)
        next = w->waiting[0]->due;
    if (w->head != w->tail && w->flying[w->head % RING]->due < next)
        next = w->flying[w->head % RING]->due;
    return next;
}

static int device(const char *namespace, const char *address) {
    char path[256];
    snprintf(path, sizeof path, "/run/netns/%s", namespace);
    int ns_fd = open(path, O_RDONLY | O_CLOEXEC);
    if (ns_fd < 0 || setns(ns_fd, CLONE_NEWNET))
        fail(path);
    close(ns_fd);
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        fail("/dev/net/tun");
    struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    strcpy(request.ifr_name, "link");
    if (ioctl(fd, TUNSETIFF, &request))
        fail("TUNSETIFF");
    int socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in in = {.sin_family = AF_INET};
    inet_pton(AF_INET, address, &in.sin_addr);
    memcpy(&request.ifr_addr, &in, sizeof in);
    if (ioctl(socket_fd, SIOCSIFADDR, &request))
        fail("address");
    inet_pton(AF_INET, "255.255.255.0", &in.sin_addr);
    memcpy(&request.ifr_netmask, &in, sizeof in);
    if (ioctl(socket_fd, SIOCSIFNETMASK, &request))
        fail("netmask");
    request.ifr_qlen = 10000; /* the kernel's own queue before us must not be the one that drops */
    if (ioctl(socket_fd, SIOCSIFTXQLEN, &request))
        fail("queue length");
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(socket_fd, SIOCSIFFLAGS, &request))
        fail("up");
    close(socket_fd);
    return fd;
}

/* Sleeps a tick, and then until this moment or the next packet. */
static void wait_until(struct pollfd *fds, ns end) {
    struct timespec tick = {.tv_nsec = TICK_NS};
    nanosleep(&tick, NULL);
    ns at = now(), rest = end > at ? end - at : 0;
    struct timespec timeout = {.tv_sec = rest / 1000000000, .tv_nsec = rest % 1000000000};
    if (ppoll(fds, 2, &timeout, NULL) < 0 && errno != EINTR)
        fail("poll");
}

int main(int count, char **word) {
    if (count != 9) {
        fprintf(stderr, "link: A B RATE DELAY_US QUEUE CONNECTION_RATE LOSS_PPM SEED\n");
        return 2;
    }
    static way down, back;
    down.from = back.to = device(word[1], "10.77.0.1");
    down.to = back.from = device(word[2], "10.77.0.2");
    down.rate = back.rate = strtoull(word[3], NULL, 10);
    down.delay = back.delay = strtoull(word[4], NULL, 10) * 1000;
    down.queue = back.queue = strtoull(word[5], NULL, 10);
    down.flow_rate = strtoull(word[6], NULL, 10);
    /* A connection's own queue holds what its rate sends in one round trip. */
    down.flow_queue = down.flow_rate * 2 * down.delay / 1000000000;
    down.loss_ppm = strtoull(word[7], NULL, 10);
    seed = strtoull(word[8], NULL, 10) | 1;

    signal(SIGTERM, stop);
    signal(SIGINT, stop);
    prctl(PR_SET_TIMERSLACK, 1);
    /* A late link would measure this machine's scheduler; without the right to it, it is as it is. */
    struct sched_param priority = {.sched_priority = 10};
    sched_setscheduler(0, SCHED_RR, &priority);

    struct pollfd fds[2] = {{.fd = down.from, .events = POLLIN}, {.fd = back.from, .events = POLLIN}};
    ns report = now();
    while (!stopped) {
        ns at = now();
        if (at >= report) {
            printf("%llu %llu %llu\n", (unsigned long long) (at / 1000000),
                   (unsigned long long) down.delivered, (unsigned long long) down.dropped);
            if (fflush(stdout))
                return 0; /* nobody reads any more */
            report += REPORT_NS;
        }
        enter(&down, at);
        enter(&back, at);
        ns next = advance(&down, at), other = advance(&back, at);
        if (other < next)
            next = other;
        if (report < next)
            next = report;
        /* A wake-up for every packet would take the processor from those that are measured. */
        wait_until(fds, next > at + TICK_NS ? next : at + TICK_NS);
    }
    return 0;
}
