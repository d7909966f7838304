#include "tools/pier/run_line.hpp"

namespace pier::cli {

const std::string_view run_help =
  R"(Run a command in a container with a network of its own

Usage:  pier run [OPTIONS] [--] COMMAND [ARGUMENT...]

Examples:
  pier run -p 8000:80 python3 -m http.server 80
      a web server, published on port 8000 of this machine
  pier run -it bash
      a shell; "curl http://host.iechor.internal:PORT" reaches this machine
  pier run -d --name db -p 127.0.0.1::5432 -e PGDATA postgres
      in the background, on a random local port; "pier port db" tells which

What runs:
      --name NAME         Name of the container (default: a random one)
  -d, --detach            Leave it running and print its name
  -i, --interactive       Pass standard input on (else it is /dev/null)
  -t, --tty               Give it a terminal
  -e, --env K=V           Set an environment variable; -e K passes yours on
  -w, --workdir DIR       Where it starts (default: here; / with --rootfs)
      --rootfs DIR        Its own files, instead of this machine's
      --mount type=bind,src=PATH,target=PATH[,readonly]
                          Show it a file or folder of this machine
      --hostname NAME     Host name inside (default: the container's name)
      --rm                Accepted as docker's: an ended container of Pier
                          leaves nothing behind in any case

Network:
  -p, --publish [[IP:]HOST:]PORT[/udp]
                          Publish a port; ranges (8000-8010:80-90) and
                          several -p are welcome; ",source=preserve" behind
                          it shows its clients' own addresses inside
  -P, --publish-all       Publish every exposed port on a random one
      --expose PORT[/udp] Expose a port, for -P
      --add-host NAME:IP  Another line for /etc/hosts; the address
                          "host-gateway" stands for this machine
      --network MODE      bridge (default), host or none

Environment: with this machine's files the command inherits PATH, HOME, USER,
TERM, LANG and LC_* and nothing else; -e adds to them.

Exit status: the command's own; 125 when Pier failed, 126 when the command
cannot be run, 127 when it does not exist.
)";

} // namespace pier::cli
