# One image for a laptop, for Binder and for JupyterHub. Binder's builder may be an old one, so there are no here-documents
# and no mounts in RUN; and it looks for this file here, unless there is a folder binder or .binder.
# Debian's packages are the newest of its release (the lint would have each pinned): Debian keeps no other in its archive, and
# its updates mend faults and change nothing else.

FROM golang:1.26-trixie AS build

# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*

# What only the development of Go itself needs: the compiler is there as a program. Gone before anything is compiled, because
# Go keeps an index of its folders.
RUN rm -rf /usr/local/go/api /usr/local/go/test /usr/local/go/src/cmd/compile \
 && find /usr/local/go/src -depth \( -name testdata -o -name '*_test.go' \) -exec rm -rf {} +

WORKDIR /opt/tutorial
COPY docker/jupyterhub/requirements.txt docker/jupyterhub/
COPY go.mod go.sum ./
COPY helpers helpers
COPY kernel-setup kernel-setup

# The environment as kernel-setup makes it on a laptop, with bytecode, because nobody may write it later. What goes again
# are uv and its cache, the videos in GoNB's documentation with the archive that they came in, and the pages of the hub
# itself, which is another image.
RUN UV_COMPILE_BYTECODE=1 go run ./kernel-setup install -prefix /opt/environment \
 && /opt/environment/bin/pip install --no-cache-dir --require-hashes -r docker/jupyterhub/requirements.txt \
 && go build -o /opt/environment/bin/ ./kernel-setup \
 && rm -rf /opt/environment/uv-cache /opt/environment/bin/uv /opt/environment/bin/uvx \
      /opt/environment/mod/github.com/janpfeifer/gonb@*/docs \
      /opt/environment/mod/cache/download/github.com/janpfeifer/gonb/@v/*.zip \
      /opt/environment/share/jupyterhub/static

COPY docker/start docker/healthy /opt/environment/bin/
COPY notebooks notebooks
# Go forgets what it has compiled when that was not used for five days, and an image is older than that soon: the cache is
# of the far future. Whoever cloned the tutorial may have kept its files from other users.
RUN find /opt/environment/build-cache -type f -exec touch --date=2100-01-01 {} + \
 && chmod -R a+rX,go-w /opt/environment /opt/tutorial


FROM debian:trixie-slim

LABEL org.opencontainers.image.title="Concurrency in Go, for people who know it from Python" \
      org.opencontainers.image.description="JupyterLab with a Go kernel and the notebooks of the tutorial" \
      org.opencontainers.image.licenses="MIT"

# gcc is for cells with -race: Go has a race detector of its own, so gcc's and its other sanitizers go, and what optimises
# C when it is linked. Nobody in the image needs to become somebody else, so no program may.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates gcc libc6-dev python3 tini \
 && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log \
      /usr/bin/*lto-dump* /usr/libexec/gcc/*/*/lto1 /usr/lib/*/lib*san.so.* /usr/lib/gcc/*/*/lib*san.a \
 && find / -xdev -type f -perm /6000 -exec chmod a-s {} +

COPY --from=build /usr/local/go /usr/local/go
COPY --from=build /opt/environment /opt/environment
COPY --from=build /opt/tutorial /opt/tutorial

# Binder gives these two. The group is root's, and may do what the user may: then any other user ID works with that group.
ARG NB_USER=jovyan
ARG NB_UID=1000
RUN useradd --no-log-init --create-home --uid ${NB_UID} --gid 0 --shell /bin/bash ${NB_USER} \
 && chmod g=u /home/${NB_USER}

# What is in HOME when the container starts may be a volume: all that is not the learner's is elsewhere. The build cache
# is filled by start from the environment's.
ENV HOME=/home/${NB_USER} \
    PATH=/opt/environment/bin:/usr/local/go/bin:/usr/local/bin:/usr/bin:/bin \
    LANG=C.UTF-8 \
    GOTOOLCHAIN=local \
    GOCACHE=/tmp/go-build \
    KERNEL_SETUP_PREFIX=/opt/environment
WORKDIR ${HOME}
USER ${NB_UID}

EXPOSE 8888
ENTRYPOINT ["tini", "-g", "--", "start"]
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--no-browser", "--Application.log_level=WARN", "--ServerApp.port_retries=0", "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["healthy"]
