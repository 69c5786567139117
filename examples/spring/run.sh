#!/bin/sh
# Compile and start the shop with what Debian and Ubuntu have of Spring: apt install libspring-web-servlet-java
# libtomcat9-java libjackson2-databind-java. With Boot this file is `./gradlew bootJar`, and java -jar.
set -eu
cd "$(dirname "$0")"
libraries() { for name; do printf '/usr/share/java/%s.jar:' "$name"; done; }
classpath=$(libraries spring3-aop spring3-beans spring3-context spring3-core spring3-expression spring3-web \
  spring3-web.servlet tomcat9-annotations-api tomcat9-api tomcat9-catalina tomcat9-coyote tomcat9-jaspic-api tomcat9-jni \
  tomcat9-juli tomcat9-servlet-api tomcat9-util tomcat9-util-scan jackson-annotations jackson-core jackson-databind \
  commons-logging)
javac -parameters -cp "$classpath" -d "${CLASSES:=build}" ./*.java
exec java -cp "$CLASSES:$classpath" Shop "$@"
