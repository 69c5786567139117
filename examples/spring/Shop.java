import java.io.File;
import java.util.List;

import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.http.converter.json.MappingJackson2HttpMessageConverter;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** All that Spring Boot does by itself; there this file is one line behind @SpringBootApplication. */
@Import({OrderController.class, Orders.class, Payments.class, TossClient.class})
public class Shop {
    @Bean
    static PropertySourcesPlaceholderConfigurer properties() {
        return new PropertySourcesPlaceholderConfigurer();
    }

    @Bean
    static ScheduledAnnotationBeanPostProcessor jobs() {
        return new ScheduledAnnotationBeanPostProcessor();
    }

    @Bean
    RequestMappingHandlerMapping paths() {
        return new RequestMappingHandlerMapping();
    }

    @Bean
    RequestMappingHandlerAdapter json() {
        RequestMappingHandlerAdapter adapter = new RequestMappingHandlerAdapter();
        adapter.setMessageConverters(List.of(new MappingJackson2HttpMessageConverter()));
        return adapter;
    }

    public static void main(String[] arguments) throws Exception {
        AnnotationConfigWebApplicationContext beans = new AnnotationConfigWebApplicationContext();
        beans.getEnvironment().getPropertySources().addFirst(new SimpleCommandLinePropertySource(arguments));
        beans.register(Shop.class);
        Tomcat tomcat = new Tomcat();
        tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
        tomcat.setPort(Integer.parseInt(beans.getEnvironment().getProperty("server.port", "8080")));
        tomcat.getConnector();
        Context root = tomcat.addContext("", new File(".").getAbsolutePath());
        Tomcat.addServlet(root, "spring", new DispatcherServlet(beans)).setLoadOnStartup(1);
        root.addServletMappingDecoded("/", "spring");
        tomcat.start();
        tomcat.getServer().await();
    }
}
