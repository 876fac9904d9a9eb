module imagesearch-conformance

go 1.21

require (
	github.com/alibabacloud-go/darabonba-openapi/v2 v2.2.2
	github.com/alibabacloud-go/imagesearch-20201214/v4 v4.4.0
	github.com/alibabacloud-go/tea v1.5.1
)
