#!/bin/sh
# A Spark standalone cluster on this machine: a master and two workers, each a process of its own,
# on loopback, from the jars that Maven holds. docs/scale.md says what it is for.
#
#   cluster.sh start             starts what is not running and waits for the workers
#   cluster.sh submit JOB …      a job of Plumbline on it: cluster.sh submit sweep FILE --results DIR
#   cluster.sh status            the master's view, as JSON
#   cluster.sh stop              ends all of it
#
#   PLUMBLINE_CLUSTER            folder of links, logs and process ids; default: jobs/target/cluster
#   PLUMBLINE_CLUSTER_PORT       port of the master, default 17077; its page is on the next one
#   PLUMBLINE_CLUSTER_CONF       more settings for submit, as options: "--conf a=b --conf c=d"
set -eu

home=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
dir=${PLUMBLINE_CLUSTER:-$home/jobs/target/cluster}
port=${PLUMBLINE_CLUSTER_PORT:-17077}
page=$((port + 1))
master=spark://127.0.0.1:$port
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
jar=$home/jobs/target/plumbline-jobs.jar

SPARK_HOME=$dir/spark
SPARK_CONF_DIR=$dir/spark/conf
export SPARK_HOME SPARK_CONF_DIR SPARK_SCALA_VERSION=2.13 SPARK_LOCAL_IP=127.0.0.1

# A Spark installation made of links: workers start executors from $SPARK_HOME/jars.
install() {
  [ -f "$home/jobs/target/classpath.txt" ] || {
    echo "Plumbline is not packaged. Maybe run: mvn -Dquick -DskipTests package" >&2
    exit 2
  }
  mkdir -p "$SPARK_HOME/jars" "$SPARK_CONF_DIR" "$dir/events" "$dir/apps"
  tr ':' '\n' <"$home/jobs/target/classpath.txt" | while read -r entry; do
    [ -e "$SPARK_HOME/jars/${entry##*/}" ] || ln -s "$entry" "$SPARK_HOME/jars/"
  done
  cp "$home/conf/spark/log4j2.properties" "$SPARK_CONF_DIR/"
}

spark_java() {
  heap=$1
  shift
  exec "$java" "$heap" -XX:+IgnoreUnrecognizedVMOptions -XX:+UseSerialGC \
    --add-opens=java.base/java.lang=ALL-UNNAMED \
    --add-opens=java.base/java.lang.invoke=ALL-UNNAMED \
    --add-opens=java.base/java.lang.reflect=ALL-UNNAMED \
    --add-opens=java.base/java.io=ALL-UNNAMED \
    --add-opens=java.base/java.net=ALL-UNNAMED \
    --add-opens=java.base/java.nio=ALL-UNNAMED \
    --add-opens=java.base/java.util=ALL-UNNAMED \
    --add-opens=java.base/java.util.concurrent=ALL-UNNAMED \
    --add-opens=java.base/java.util.concurrent.atomic=ALL-UNNAMED \
    --add-opens=java.base/jdk.internal.ref=ALL-UNNAMED \
    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED \
    --add-opens=java.base/sun.nio.cs=ALL-UNNAMED \
    --add-opens=java.base/sun.security.action=ALL-UNNAMED \
    --add-opens=java.base/sun.util.calendar=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED \
    "-Dplumbline.home=$home" "-Dlog4j2.configurationFile=$SPARK_CONF_DIR/log4j2.properties" \
    -cp "$SPARK_CONF_DIR:$SPARK_HOME/jars/*" "$@"
}

# daemon NAME CLASS ARGS…
daemon() {
  name=$1
  shift
  if [ -f "$dir/$name.pid" ] && kill -0 "$(cat "$dir/$name.pid")" 2>/dev/null; then
    return
  fi
  (spark_java -Xmx256m "$@" >"$dir/$name.log" 2>&1 </dev/null) &
  echo $! >"$dir/$name.pid"
}

start() {
  install
  daemon master org.apache.spark.deploy.master.Master \
    --host 127.0.0.1 --port "$port" --webui-port "$page"
  for n in 1 2; do
    daemon "worker$n" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --cores 1 \
      --memory 1g --port $((port + 10 + n)) --webui-port $((port + 20 + n)) \
      --work-dir "$dir/apps/$n" "$master"
  done
  waited=0
  until status 2>/dev/null | grep -q '"aliveworkers" *: *2'; do
    waited=$((waited + 1))
    if [ "$waited" -gt 240 ]; then
      echo "no two workers after two minutes; see $dir/*.log" >&2
      exit 1
    fi
    sleep 0.5
  done
  echo "$master has two workers; its page is http://127.0.0.1:$page"
}

status() {
  curl -fsS "http://127.0.0.1:$page/json/"
}

submit() {
  export PLUMBLINE_HOME="$home"
  # shellcheck disable=SC2086
  spark_java "${PLUMBLINE_HEAP:--Xmx1g}" org.apache.spark.deploy.SparkSubmit \
    --master "$master" --properties-file "$home/conf/spark/standalone.conf" \
    --conf "spark.eventLog.dir=file://$dir/events" \
    --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 \
    ${PLUMBLINE_CLUSTER_CONF:-} \
    --class io.plumbline.jobs.Plumbline "$jar" "$@"
}

stop() {
  for name in worker1 worker2 master; do
    if [ -f "$dir/$name.pid" ]; then
      kill "$(cat "$dir/$name.pid")" 2>/dev/null || true
      rm -f "$dir/$name.pid"
    fi
  done
}

case ${1:-} in
  start | status | stop) "$1" ;;
  submit)
    shift
    submit "$@"
    ;;
  *)
    sed -n '2,/^set/{/^#/p;}' "$0" >&2
    exit 2
    ;;
esac
